using LatentSync.Cli.Speech;
using LatentSync.Media.Probe;
using LatentSync.TestKit;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Cli;

/// <summary><c>--say</c>: with espeak-ng where it is installed, and with scripts that do what espeak-ng 1.51 was seen to do.</summary>
public sealed class SpeechTests : IDisposable
{
    private static readonly IReadOnlyList<Synthesizer> Espeak = [Synthesizer.Espeak("espeak-ng"), Synthesizer.Espeak("espeak")];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Hello from LatentSync.", 0.8)]
    [InlineData("--help", 0.3)]
    [InlineData("-5 degrees, and <b>$(id)</b>", 1.0)]
    [InlineData("你好，欢迎。", 0.5)]
    public async Task RealSynthesizer_SpeaksTheText(string text, double seconds)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/espeak-ng"), "SKIPPED: espeak-ng is not installed.");
        string path;
        using (var speech = await SpeechFile.SpeakAsync(text, voice: null, Espeak, "/usr/bin", TestMedia.Token))
        {
            path = speech.Path;
            var media = await MediaProbe.ProbeAsync(path, TestMedia.Token);
            Assert.InRange(media.Duration!.Value.TotalSeconds, seconds, 20);
        }

        Assert.False(Directory.Exists(Path.GetDirectoryName(path)));
    }

    [Fact]
    public async Task UnknownVoice_OfTheRealSynthesizer_IsNamed()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/espeak-ng"), "SKIPPED: espeak-ng is not installed.");
        var error = await FailAsync("Hello", "nobody", "/usr/bin");
        Assert.Equal(LipSyncErrorCode.MediaToolFailed, error.Code);
        Assert.Contains("voice does not exist", error.Message, StringComparison.Ordinal);
    }

    /// <summary>eSpeak says so and ends well where it cannot write.</summary>
    [Theory]
    [InlineData("echo 'Error: The specified espeak-ng voice does not exist.' >&2; exit 1", "The specified espeak-ng voice does not exist.")]
    [InlineData("echo \"Can't write to: 'speech.wav'\" >&2; exit 0", "Can't write to")]
    [InlineData("exit 3", "exit code 3")]
    public async Task Failure_IsTold_AndNothingIsLeft(string script, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SKIPPED: a script is no program on Windows.");
        var before = Speeches();
        var error = await FailAsync("Hello", voice: null, Script("espeak-ng", script));
        Assert.Equal(LipSyncErrorCode.MediaToolFailed, error.Code);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("espeak-ng could not speak the text", error.Message, StringComparison.Ordinal);
        Assert.Subset(before, Speeches());
    }

    [Theory]
    [InlineData("espeak-ng", "Hello", "amy", "-v amy -b 1 -f text.txt -w speech.wav")]
    [InlineData("espeak-ng", "你好", null, "-v cmn -b 1 -f text.txt -w speech.wav")]
    [InlineData("espeak", "你好", null, "-v zh -b 1 -f text.txt -w speech.wav")]
    [InlineData("espeak", "Hello", null, "-b 1 -f text.txt -w speech.wav")]
    public async Task FirstSynthesizerOfThePath_GetsTheTextInAFile(string program, string text, string? voice, string arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SKIPPED: a script is no program on Windows.");
        var folder = Script(program, "printf '%s ' \"$@\" > \"$0.arguments\"; while [ $# -gt 2 ]; do shift; done; head -c 4000 /dev/zero > \"$2\"");
        using var speech = await SpeechFile.SpeakAsync(text, voice, Espeak, folder, TestMedia.Token);
        var given = await File.ReadAllTextAsync(Path.Combine(folder, program + ".arguments"), TestMedia.Token);
        Assert.Equal(arguments, given.Trim().Replace(Path.GetDirectoryName(speech.Path) + "/", string.Empty, StringComparison.Ordinal));
        Assert.Equal(text, await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(speech.Path)!, "text.txt"), TestMedia.Token));
    }

    [Fact]
    public async Task NoSynthesizer_SaysWhatToInstall()
    {
        var error = await FailAsync("Hello", voice: null, _folder.Path + Path.PathSeparator + "relative");
        Assert.Equal(LipSyncErrorCode.MissingDependency, error.Code);
        Assert.Contains("install espeak-ng", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("...", "--say has no words; give the text to speak.")]
    [InlineData("  ", "--say has no words; give the text to speak.")]
    [InlineData(null, "--say has 1001 characters; the most are 1000.")]
    public async Task TextThatCannotBeSpoken_IsRefused(string? text, string expected)
    {
        var result = await CliRun.RunAsync("demo", "--say=" + (text ?? new string('a', SpeechText.MostCharacters + 1)));
        Assert.Equal((int)LipSyncErrorCode.InvalidOptions, result.ExitCode);
        Assert.Contains(expected, result.ErrorLines);
    }

    private static HashSet<string> Speeches() => [.. Directory.EnumerateDirectories(Path.GetTempPath(), "latentsync-speech-*")];

    private static async Task<LipSyncException> FailAsync(string text, string? voice, string searchPath) =>
        await Assert.ThrowsAsync<LipSyncException>(async () =>
        {
            using var speech = await SpeechFile.SpeakAsync(text, voice, Espeak, searchPath, TestMedia.Token);
        });

    private string Script(string name, string lines)
    {
        var path = _folder.File(name);
        File.WriteAllText(path, "#!/bin/sh\n" + lines + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return _folder.Path;
    }
}

using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Cli;

/// <summary>Every bad input ends with its exit code, one sentence that names the file, and an output folder as it was.</summary>
public sealed class BadInputTests(Samples samples) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task VideoIsMissing() =>
        await AssertFailsAsync(LipSyncErrorCode.InvalidInput, In("none.mp4"), samples.Sound, In("none.mp4"), "does not exist");

    [Fact]
    public async Task SoundIsMissing() => await AssertFailsAsync(LipSyncErrorCode.InvalidInput, samples.Talk, In("none.wav"), In("none.wav"), "does not exist");

    [Fact]
    public async Task PathIsEmpty() => await AssertFailsAsync(LipSyncErrorCode.InvalidInput, "", samples.Sound, "path of the input file is empty");

    [Fact]
    public async Task VideoIsAFolder() => await AssertFailsAsync(LipSyncErrorCode.InvalidInput, _folder.Path, samples.Sound, _folder.Path, "is a folder");

    [Fact]
    public async Task VideoIsEmpty()
    {
        File.WriteAllBytes(In("empty.mp4"), []);
        await AssertFailsAsync(LipSyncErrorCode.InvalidInput, In("empty.mp4"), samples.Sound, In("empty.mp4"), "is empty");
    }

    [Theory]
    [InlineData("text.mp4")]
    [InlineData("text.mkv")]
    [InlineData("text.wav")]
    public async Task VideoIsText(string name)
    {
        File.WriteAllText(In(name), "This is not a video.\n");
        await AssertFailsAsync(LipSyncErrorCode.InvalidInput, In(name), samples.Sound, In(name));
    }

    [Fact]
    public async Task VideoHasOnlySound() =>
        await AssertFailsAsync(LipSyncErrorCode.InvalidInput, samples.Sound, samples.Sound, samples.Sound, "sound but no pictures");

    [Fact]
    public async Task SoundIsAVideoWithoutSound() =>
        await AssertFailsAsync(LipSyncErrorCode.InvalidInput, samples.Talk, samples.Talk, samples.Talk, "no sound track");

    [Fact]
    public async Task SoundHasNoSamples()
    {
        var sound = Samples.Make("-f", "lavfi", "-i", "anullsrc", "-t", "0", In("silent.wav"));
        await AssertFailsAsync(LipSyncErrorCode.InvalidInput, samples.Talk, sound, sound, "is empty");
    }

    [Fact]
    public async Task VideoHasNoFrames()
    {
        var video = Samples.Make("-f", "lavfi", "-i", "testsrc2=s=64x64:d=1", "-frames:v", "0", "-pix_fmt", "yuv420p", In("zero.mp4"));
        await AssertFailsAsync(LipSyncErrorCode.InvalidInput, video, samples.Sound, video);
    }

    [Fact]
    public async Task VideoIsCutOff()
    {
        var bytes = File.ReadAllBytes(samples.Talk);
        File.WriteAllBytes(In("cut.mp4"), bytes[..(bytes.Length / 2)]);
        await AssertFailsAsync(LipSyncErrorCode.InvalidInput, In("cut.mp4"), samples.Sound, In("cut.mp4"), "a part of it is missing");
    }

    [Theory]
    [InlineData("8x8", Explicit = true)]
    [InlineData("320x240")]
    public async Task NobodyIsInThePicture(string size)
    {
        var video = Samples.Make("-f", "lavfi", "-i", $"testsrc2=s={size}:r=25:d=1", "-pix_fmt", "yuv420p", In("nobody.mp4"));
        await AssertFailsAsync(LipSyncErrorCode.NoFace, ["--strict"], video, samples.Sound, video, "--strict");
        var output = In("nobody-speaks.mp4");
        var result = await CliRun.RunAsync("sync", "--video", video, "--audio", samples.Sound, "--out", output, "--models", samples.Models);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Single(result.ErrorLines, line => line.StartsWith($"No mouth was changed in \"{video}\"", StringComparison.Ordinal));
        Assert.True(File.Exists(output));
    }

    private string In(string name) => _folder.File(name);

    private Task AssertFailsAsync(LipSyncErrorCode code, string video, string sound, params string[] parts) => AssertFailsAsync(code, [], video, sound, parts);

    private async Task AssertFailsAsync(LipSyncErrorCode code, string[] options, string video, string sound, params string[] parts)
    {
        var folder = Directory.CreateDirectory(In("out")).FullName;
        var result = await CliRun.RunAsync([
            "sync",
            "--video",
            video,
            "--audio",
            sound,
            "--out",
            Path.Combine(folder, "result.mp4"),
            "--models",
            samples.Models,
            "--inference-steps",
            "1",
            .. options,
        ]);
        result.AssertFailed(code, parts);
        Assert.Empty(result.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }
}

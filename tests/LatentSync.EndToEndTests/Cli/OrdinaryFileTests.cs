using System.Diagnostics;
using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Cli;

/// <summary>What is not an ordinary file is refused before it is opened: a pipe that nobody writes to, or a device, never ends.</summary>
public sealed class OrdinaryFileTests(Samples samples) : IDisposable
{
    // Starting takes half a second; a machine with other work is given more than users are.
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(10);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The first argument is where the file is, the second what is done to it.</summary>
    [Theory]
    [InlineData("pipe", "inspect FILE")]
    [InlineData("link", "inspect FILE")]
    [InlineData("device", "inspect FILE")]
    [InlineData("input", "inspect FILE")]
    [InlineData("linked input", "inspect FILE")]
    [InlineData("folder of descriptors", "inspect FILE")]
    [InlineData("process substitution", "inspect FILE")]
    [InlineData("pipe", "score FILE")]
    [InlineData("pipe", "batch FILE")]
    [InlineData("link", "sync --video FILE --audio SOUND --out OUT --models MODELS")]
    [InlineData("link", "sync --video VIDEO --audio FILE --out OUT --models MODELS")]
    [InlineData("link", "sync --video VIDEO --audio SOUND --out OUT --models MODELS --face like:FILE")]
    public async Task IsRefused(string kind, string command)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "SKIPPED: pipes and devices have names on Linux.");
        var file = command.StartsWith("batch", StringComparison.Ordinal) ? _folder.File("jobs.csv") : _folder.File("a.mp4");
        var (prepare, named, input) = kind switch
        {
            "pipe" => ($"mkfifo {CliRun.Quote(file)}", file, ""),
            "link" => ($"mkfifo {CliRun.Quote(file + ".pipe")}; ln -s {CliRun.Quote(file + ".pipe")} {CliRun.Quote(file)}", file, ""),
            "device" => ($"ln -s /dev/zero {CliRun.Quote(file)}", file, ""),
            "input" => ("", "/dev/stdin", $"< {CliRun.Quote(samples.Talk)}"),
            "linked input" => ($"ln -s /dev/stdin {CliRun.Quote(file)}", file, $"< {CliRun.Quote(samples.Talk)}"),
            "folder of descriptors" => ($"ln -s /proc/self/fd {CliRun.Quote(_folder.File("fd"))}", _folder.File("fd/0"), $"< {CliRun.Quote(samples.Talk)}"),
            _ => ("", "SUBSTITUTION", ""),
        };
        string Fill(string argument) =>
            argument
                .Replace("FILE", named, StringComparison.Ordinal)
                .Replace("VIDEO", samples.Talk, StringComparison.Ordinal)
                .Replace("SOUND", samples.Sound, StringComparison.Ordinal)
                .Replace("OUT", _folder.File("out.mp4"), StringComparison.Ordinal)
                .Replace("MODELS", samples.Models, StringComparison.Ordinal);
        var arguments = command.Split(' ').Select(Fill).Where(argument => argument != "SUBSTITUTION").ToList();
        var substitution = named == "SUBSTITUTION" ? $"<(cat {CliRun.Quote(samples.Talk)} 2> /dev/null)" : "";
        var clock = Stopwatch.StartNew();
        var result = await CliRun.RunAsync(arguments, CliRun.InShell($"{(prepare.Length > 0 ? prepare + "; " : "")}exec \"$0\" \"$@\" {substitution} {input}"));
        result.AssertFailed(LipSyncErrorCode.InvalidInput, "not an ordinary file");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Budget);
    }

    /// <summary>A model's folder is the user's too.</summary>
    [Theory]
    [InlineData("latentsync_unet.pt")]
    [InlineData("config.yaml")]
    [InlineData("vae/config.json")]
    public async Task PipeInAModelFolder_IsRefused(string name)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "SKIPPED: pipes have names on Linux.");
        var pipe = CliRun.Quote(_folder.File($"models/{name}"));
        var script = $"cp -r {CliRun.Quote(samples.Models)} {CliRun.Quote(_folder.File("models"))}; rm -f {pipe}; mkfifo {pipe}; exec \"$0\" \"$@\"";
        var clock = Stopwatch.StartNew();
        (await CliRun.RunAsync(["inspect", _folder.File("models")], CliRun.InShell(script))).AssertFailed(
            LipSyncErrorCode.InvalidModel,
            "not an ordinary file"
        );
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Budget);
    }

    /// <summary>A pipe in the place of a report or a drawing is replaced; nobody need read it.</summary>
    [Fact]
    public async Task PipeInThePlaceOfAResult_IsReplaced()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "SKIPPED: pipes have names on Linux.");
        File.WriteAllText(_folder.File("done.mp4"), "done");
        File.WriteAllText(_folder.File("jobs.csv"), "video,audio,out,models\na.mp4,a.wav,done.mp4," + samples.Models);
        var result = await CliRun.RunAsync(
            ["batch", _folder.File("jobs.csv"), "--report", _folder.File("report.json")],
            CliRun.InShell($"mkfifo {CliRun.Quote(_folder.File("report.json"))}; exec \"$0\" \"$@\"")
        );
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.StartsWith("[", File.ReadAllText(_folder.File("report.json")), StringComparison.Ordinal);
    }
}

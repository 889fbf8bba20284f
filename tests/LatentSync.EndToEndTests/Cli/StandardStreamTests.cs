using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Cli;

/// <summary>Standard streams that were closed before the program started, or that take nothing: the work is done all the same.</summary>
public sealed class StandardStreamTests(Samples samples) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("<&-")]
    [InlineData(">&-")]
    [InlineData("2>&-")]
    [InlineData("<&- >&-", Explicit = true)]
    [InlineData("<&- 2>&-", Explicit = true)]
    [InlineData(">&- 2>&-", Explicit = true)]
    [InlineData("<&- >&- 2>&-")]
    public async Task Closed_TheResultIsWritten(string closed)
    {
        SkipUnlessOnLinux();
        var result = await RunAsync(
            closed,
            "sync",
            "--video",
            samples.Talk,
            "--audio",
            samples.Sound,
            "--out",
            Out,
            "--models",
            samples.Models,
            "--inference-steps",
            "1",
            "--lips-expression",
            "1"
        );
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.True(File.Exists(Out));
        Assert.Equal(
            !closed.Contains(" >", StringComparison.Ordinal) && !closed.StartsWith('>'),
            result.Output.Contains("25 frames", StringComparison.Ordinal)
        );
        Assert.Equal(!closed.Contains('2'), result.Error.Contains("Diffusion: 100 %", StringComparison.Ordinal));
    }

    /// <summary>What nobody reads cannot fail, and the exit code says it.</summary>
    [Theory]
    [InlineData("2>&-")]
    [InlineData("<&- >&- 2>&-")]
    public async Task Closed_AnErrorKeepsItsCode(string closed)
    {
        SkipUnlessOnLinux();
        Assert.Equal((int)LipSyncErrorCode.InvalidInput, (await RunAsync(closed, "inspect", _folder.File("none.mp4"))).ExitCode);
    }

    [Fact]
    public async Task FullLog_StopsNoJob()
    {
        SkipUnlessOnLinux();
        var result = await RunAsync(
            "2>/dev/full",
            "sync",
            "--video",
            samples.Talk,
            "--audio",
            samples.Sound,
            "--out",
            Out,
            "--models",
            samples.Models,
            "--inference-steps",
            "1",
            "--lips-expression",
            "1"
        );
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("25 frames", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FullOutput_IsAnError()
    {
        SkipUnlessOnLinux();
        (await RunAsync(">/dev/full", "inspect", samples.Talk)).AssertFailed(LipSyncErrorCode.OutputFailed, "Standard output cannot be written");
        (await RunAsync(">/dev/full", "sync", "--json", "--video", "none.mp4", "--audio", "a.wav", "--out", "b.mp4")).AssertFailed(
            LipSyncErrorCode.OutputFailed,
            "Standard output cannot be written"
        );
    }

    private string Out => _folder.File("result.mp4");

    private static void SkipUnlessOnLinux() => Assert.SkipUnless(OperatingSystem.IsLinux(), "SKIPPED: streams are closed by a shell of Linux.");

    private static Task<CliResult> RunAsync(string redirection, params string[] arguments) =>
        CliRun.RunAsync(arguments, CliRun.InShell($"exec \"$0\" \"$@\" {redirection}"));
}

using System.Diagnostics;
using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Cli;

/// <summary>A job that ends before its time: by Ctrl-C, or because somebody kills ffmpeg. Nothing may stay behind.</summary>
public sealed class StopTests(Samples samples) : IDisposable
{
    private const int InterruptedExitCode = 130;
    private const int TerminatedExitCode = 143;
    private const string Decoder = "rgb24\0pipe:1";
    private const string Encoder = "pipe:0";
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(2);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, 300)]
    [InlineData(true, 300)]
    [InlineData(true, 2000)]
    public async Task Interrupted_EndsSoonAndTidiesUp(bool group, int milliseconds)
    {
        RunningPrograms.SkipUnlessKnown();
        using var run = Start(ownGroup: true);
        await run.WaitForChildAsync(Encoder);
        await Task.Delay(milliseconds, TestContext.Current.CancellationToken);
        var clock = Stopwatch.StartNew();
        run.Interrupt(group);
        var result = await run.FinishAsync();
        var time = clock.Elapsed;

        TestContext.Current.TestOutputHelper?.WriteLine(Invariant($"Ended {time.TotalMilliseconds:0} ms after Ctrl-C."));
        Assert.True(result.ExitCode == InterruptedExitCode, result.ToString());
        Assert.Equal(["Stopped; nothing was written."], result.ErrorLines);
        Assert.InRange(time, TimeSpan.Zero, Budget);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task InterruptedWhileStarting_EndsWithTheSameCode()
    {
        RunningPrograms.SkipUnlessKnown();
        using var run = Start(ownGroup: true);
        await run.WaitForChildAsync("ffprobe");
        run.Interrupt(group: true);
        var result = await run.FinishAsync();
        Assert.True(result.ExitCode == InterruptedExitCode, result.ToString());
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task AskedToEnd_TidiesUpToo()
    {
        RunningPrograms.SkipUnlessKnown();
        using var run = Start();
        await run.WaitForChildAsync(Encoder);
        run.Terminate();
        var result = await run.FinishAsync();
        Assert.True(result.ExitCode == TerminatedExitCode, result.ToString());
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task DecoderKilled_IsAnError()
    {
        RunningPrograms.SkipUnlessKnown();
        using var run = Start();
        await run.KillChildAsync(Decoder);
        (await run.FinishAsync()).AssertFailed(LipSyncErrorCode.MediaToolFailed, samples.Talk, "killed (signal 9) while reading");
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task EncoderKilled_IsAnError()
    {
        RunningPrograms.SkipUnlessKnown();
        using var run = Start();
        await run.WaitForChildAsync(Decoder);
        await run.KillChildAsync(Encoder);
        (await run.FinishAsync()).AssertFailed(LipSyncErrorCode.MediaToolFailed, "result.mp4", "killed (signal 9) while writing");
        AssertNothingIsLeft();
    }

    private CliRun Start(bool ownGroup = false) => CliRun.Start(
        [
            "sync", "--video", samples.Talk, "--audio", samples.LongSound, "--out", Path.Combine(OutputFolder(), "result.mp4"),
            "--models", samples.Models, "--inference-steps", "20", "--num-frames", "8",
        ],
        _ => { },
        ownGroup);

    private string OutputFolder() => Directory.CreateDirectory(_folder.File("out")).FullName;

    private void AssertNothingIsLeft()
    {
        Assert.Empty(Directory.EnumerateFileSystemEntries(OutputFolder()));
        Assert.DoesNotContain(RunningPrograms.All(), program => program.CommandLine.Contains(_folder.Path, StringComparison.Ordinal));
    }
}

using System.Diagnostics;
using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Cli;

/// <summary>A job that ends before its time: by Ctrl-C, or because somebody kills ffmpeg. Nothing may stay behind.</summary>
public sealed class StopTests(Samples samples) : IDisposable
{
    private const int HungUpExitCode = 129;
    private const int InterruptedExitCode = 130;
    private const int TerminatedExitCode = 143;
    private const string Decoder = "rgb24\0pipe:1";
    private const string Encoder = "pipe:0";

    // Users are promised a second; a machine that runs other tests beside this one is given more.
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, 300)]
    [InlineData(true, 300, Explicit = true)]
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

    /// <summary>The terminal is closed, or the connection to it breaks; the shell and the system both say so.</summary>
    [Fact]
    public async Task HungUp_TidiesUpToo()
    {
        RunningPrograms.SkipUnlessKnown();
        using var run = Start();
        await run.WaitForChildAsync(Encoder);
        run.HangUp();
        run.HangUp();
        var result = await run.FinishAsync();
        Assert.True(result.ExitCode == HungUpExitCode, result.ToString());
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task UnderNohup_TheTerminalMayGo()
    {
        RunningPrograms.SkipUnlessKnown();
        using var run = Start(CliRun.InShell("trap '' HUP; exec \"$0\" \"$@\""), samples.Sound, steps: 4);
        await run.WaitForChildAsync(Encoder);
        run.HangUp();
        var result = await run.FinishAsync();
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    /// <summary>Whoever reads the output does not take it: the program waits in a call of the system, and ends all the same.</summary>
    [Fact]
    public async Task AskedToEnd_WhileNothingMoves_EndsToo()
    {
        RunningPrograms.SkipUnlessKnown();
        var pipe = CliRun.Quote(_folder.File("full"));
        var script = $"mkfifo {pipe}; exec 3<>{pipe}; head -c 65536 /dev/zero >&3; exec \"$0\" \"$@\" >&3";
        using var run = CliRun.Start(["inspect", samples.Talk], CliRun.InShell(script));
        await run.WaitForChildAsync("ffprobe");
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        run.Terminate();
        Assert.Equal(TerminatedExitCode, (await run.FinishAsync()).ExitCode);
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

    private CliRun Start(bool ownGroup = false) => Start(_ => { }, samples.LongSound, steps: 20, ownGroup);

    private CliRun Start(Action<ProcessStartInfo> change, string sound, int steps, bool ownGroup = false) =>
        CliRun.Start(
            [
                "sync",
                "--video",
                samples.Talk,
                "--audio",
                sound,
                "--out",
                Path.Combine(OutputFolder(), "result.mp4"),
                "--models",
                samples.Models,
                "--inference-steps",
                Invariant($"{steps}"),
                "--num-frames",
                "8",
            ],
            change,
            ownGroup
        );

    private string OutputFolder() => Directory.CreateDirectory(_folder.File("out")).FullName;

    private void AssertNothingIsLeft()
    {
        Assert.Empty(Directory.EnumerateFileSystemEntries(OutputFolder()));
        Assert.DoesNotContain(RunningPrograms.All(), program => program.CommandLine.Contains(_folder.Path, StringComparison.Ordinal));
    }
}

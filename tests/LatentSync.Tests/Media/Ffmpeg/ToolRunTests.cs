using LatentSync.Media.Ffmpeg;

namespace LatentSync.Tests.Media.Ffmpeg;

public sealed class ToolRunTests
{
    /// <summary>Ctrl-C reaches all programs of a terminal at once: the child may be gone before this program has heard of it.</summary>
    [Theory]
    [InlineData(130, "")]
    [InlineData(143, "")]
    [InlineData(129, "")]
    [InlineData(255, "Exiting normally, received signal 2.")]
    public async Task ChildThatWasStopped_AndThisProgramALittleLater_IsAStop(int exitCode, string lastWords)
    {
        using var stop = new CancellationTokenSource();
        var process = new FakeProcess { ExitCode = exitCode, LastWords = lastWords };
        await using var run = ToolRun.Start(new FakeLauncher(process), "ffmpeg", []);
        var waiting = run.WaitAsync(stop.Token);
        Assert.False(waiting.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task ChildThatSomebodyElseStopped_IsAFailure()
    {
        using var stop = new CancellationTokenSource();
        await using var run = ToolRun.Start(new FakeLauncher(new FakeProcess { ExitCode = 130 }), "ffmpeg", []);
        Assert.Equal(130, await run.WaitAsync(stop.Token));
    }

    [Fact]
    public async Task ChildThatFailed_IsNotWaitedFor()
    {
        using var stop = new CancellationTokenSource();
        await using var run = ToolRun.Start(new FakeLauncher(new FakeProcess { ExitCode = 1 }), "ffmpeg", []);
        Assert.True(run.WaitAsync(stop.Token).IsCompleted);
    }
}

using LatentSync.Faces.Tracking;

namespace LatentSync.Tests.Pipeline.Flow;

/// <summary>The three tasks of the flow run at the same time, in order, and none runs ahead of the next.</summary>
public class FrameFlowQueueTests
{
    private const int ClipLength = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task TheNextClipIsGenerated_WhileOneIsWritten()
    {
        var second = new TaskCompletionSource();
        var flow = new FlowSetup(new FakeVideo(12))
        {
            Generator = new FakeGenerator { Work = (clip, _) => Signal(second, clip == 1) },
            Writer = new FakeWriter { Work = (frame, token) => frame == 0 ? second.Task.WaitAsync(Patience, token) : Task.CompletedTask },
        };
        await flow.RunAsync(12);
        Assert.Equal(12, flow.Writer.Frames.Count);
    }

    [Fact]
    public async Task TheNextClipIsPrepared_WhileOneIsGenerated()
    {
        var read = new TaskCompletionSource();
        var flow = new FlowSetup(new FakeVideo(12) { Work = (frame, _) => SignalAsync(read, frame == (2 * ClipLength) - 1) })
        {
            Parity = true,
            Generator = new FakeGenerator { Work = (clip, token) => Assert.True(clip > 0 || read.Task.Wait((int)Patience.TotalMilliseconds, token)) },
        };
        await flow.RunAsync(12);
        Assert.Equal(12, flow.Writer.Frames.Count);
    }

    /// <summary>
    /// One clip waits to be written and the next is ready; nothing is prepared beyond that, so a slow writer costs no more
    /// memory than a slow generator.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task ASlowWriter_StopsTheOthers(int framesAtOnce)
    {
        var release = new TaskCompletionSource();
        var flow = new FlowSetup(new FakeVideo(100))
        {
            FramesAtOnce = framesAtOnce,
            Writer = new FakeWriter { Work = (_, token) => release.Task.WaitAsync(token) },
        };
        var run = flow.RunAsync(100);
        await SettleAsync(() => flow.Generator.ClipLengths.Count + flow.Pool.Created, atLeast: 2 + (2 * ClipLength));
        Assert.Equal(2, flow.Generator.ClipLengths.Count);
        Assert.InRange(flow.Pool.Created, 2 * ClipLength, (2 * ClipLength) + 2 + flow.LookAhead + flow.FramesAhead);

        release.SetResult();
        await run;
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (i, true)), flow.Writer.Frames);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task ASlowGenerator_StopsReading(int framesAtOnce)
    {
        var release = new TaskCompletionSource();
        var flow = new FlowSetup(new FakeVideo(100))
        {
            FramesAtOnce = framesAtOnce,
            Generator = new FakeGenerator { Work = (_, token) => release.Task.Wait(token) },
        };
        var run = flow.RunAsync(100);
        await SettleAsync(() => flow.Pool.Created, atLeast: 2 * ClipLength);
        Assert.InRange(flow.Pool.Created, 2 * ClipLength, (2 * ClipLength) + 2 + flow.LookAhead + flow.FramesAhead);
        Assert.Empty(flow.Writer.Frames);

        release.SetResult();
        await run;
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (i, true)), flow.Writer.Frames);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task FramesThatPassThrough_KeepTheirPlace(int seed)
    {
        const int count = 120;
        var random = new Random(seed);
        int[] without = [.. Enumerable.Range(0, count).Where(_ => random.Next(3) == 0)];
        var flow = new FlowSetup(new FakeVideo(count), without)
        {
            BridgeFrames = 0,
            Writer = new FakeWriter { Work = (_, token) => random.Next(4) == 0 ? Task.Delay(1, token) : Task.CompletedTask },
        };
        var counts = await flow.RunAsync(count);
        Assert.Equal(Enumerable.Range(0, count).Select(i => (i, !without.Contains(i))), flow.Writer.Frames);
        Assert.Equal((count - without.Length, without.Length), (counts.Painted, counts[FrameFate.NoFace]));

        // Each frame got the face that was generated for it, though later clips were generated meanwhile.
        Assert.Equal(Enumerable.Range(0, count).Where(i => !without.Contains(i)).Select(i => (float)i), flow.Restorer.Faces);
    }

    [Fact]
    public async Task TheWaitForFrames_IsMeasured()
    {
        var flow = new FlowSetup(new FakeVideo(12) { Work = (_, token) => Task.Delay(20, token) });
        await flow.RunAsync(12);
        var times = flow.Times.ToDictionary();
        Assert.InRange(times[LipSyncWork.WaitForFrames], TimeSpan.FromMilliseconds(120), TimeSpan.MaxValue);
        Assert.InRange(times[LipSyncWork.WaitForWriter], TimeSpan.Zero, times[LipSyncWork.WaitForFrames]);
    }

    [Fact]
    public async Task TheWaitForTheWriter_IsMeasured()
    {
        var flow = new FlowSetup(new FakeVideo(24)) { Writer = new FakeWriter { Work = (_, token) => Task.Delay(20, token) } };
        await flow.RunAsync(24);
        var times = flow.Times.ToDictionary();
        Assert.InRange(times[LipSyncWork.WaitForWriter], TimeSpan.FromMilliseconds(240), TimeSpan.MaxValue);
        Assert.InRange(times[LipSyncWork.WaitForFrames], TimeSpan.Zero, times[LipSyncWork.WaitForWriter]);
    }

    private static Task SignalAsync(TaskCompletionSource signal, bool now)
    {
        Signal(signal, now);
        return Task.CompletedTask;
    }

    private static void Signal(TaskCompletionSource signal, bool now)
    {
        if (now)
        {
            signal.TrySetResult();
        }
    }

    /// <summary>Waits until a count has come so far and then stayed the same for a while.</summary>
    private static async Task SettleAsync(Func<int> count, int atLeast)
    {
        var quiet = TimeSpan.FromMilliseconds(200);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        int before;
        do
        {
            before = count();
            await Task.Delay(quiet, patience.Token);
        } while (count() != before || before < atLeast);
    }
}

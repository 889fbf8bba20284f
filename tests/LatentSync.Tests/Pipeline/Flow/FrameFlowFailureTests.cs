using System.Diagnostics;

namespace LatentSync.Tests.Pipeline.Flow;

/// <summary>Whichever task of the flow fails or is cancelled, the others end, nothing hangs, and the cause comes out.</summary>
public class FrameFlowFailureTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public enum Place
    {
        Read,
        Generate,
        Write,
    }

    [Fact]
    public async Task WhenReadingFails_GeneratingIsCancelled()
    {
        var (started, cancelled) = (new TaskCompletionSource(), false);
        var flow = new FlowSetup(
            new FakeVideo(100) { FailsAt = 8, Work = (frame, token) => frame == 8 ? started.Task.WaitAsync(Patience, token) : Task.CompletedTask }
        )
        {
            Parity = true,
            Generator = new FakeGenerator
            {
                Work = (_, token) =>
                {
                    started.TrySetResult();
                    cancelled = token.WaitHandle.WaitOne(Patience);
                    token.ThrowIfCancellationRequested();
                },
            },
        };
        var error = await FailAsync<LipSyncException>(flow);
        Assert.Equal(("ffmpeg died", true), (error.Message, cancelled));
        Assert.Empty(flow.Writer.Frames);
    }

    /// <summary>The writer is so slow that the third clip fails while the first is still being written.</summary>
    [Fact]
    public async Task WhenGeneratingFails_WhatWasGeneratedIsWritten_AndReadingStops()
    {
        var flow = new FlowSetup(new FakeVideo(200))
        {
            Generator = new FakeGenerator { Work = (clip, _) => ThrowIf(clip == 2, "boom") },
            Writer = new FakeWriter { Work = (_, token) => Task.Delay(10, token) },
        };
        Assert.Equal("boom", (await FailAsync<InvalidOperationException>(flow)).Message);
        Assert.Equal(Enumerable.Range(0, 8).Select(i => (i, true)), flow.Writer.Frames);
        Assert.InRange(flow.Landmarker.Seen.Count, 12, (4 * 4) + 2 + flow.LookAhead);
    }

    [Fact]
    public async Task WhenRestoringFails_TheOthersStop()
    {
        var flow = new FlowSetup(new FakeVideo(200)) { Restorer = new FakeRestorer { FailsAt = 6 } };
        Assert.Equal("torn", (await FailAsync<InvalidOperationException>(flow)).Message);
        Assert.Equal(6, flow.Writer.Frames.Count);
        Assert.InRange(flow.Generator.ClipLengths.Count, 2, 4);
    }

    /// <summary>The other two wait at full queues when the writer fails.</summary>
    [Fact]
    public async Task WhenWritingFails_TheOthersStop()
    {
        var second = new TaskCompletionSource();
        var flow = new FlowSetup(new FakeVideo(200))
        {
            Generator = new FakeGenerator
            {
                Work = (clip, _) =>
                {
                    if (clip == 1)
                    {
                        second.TrySetResult();
                    }
                },
            },
            Writer = new FakeWriter
            {
                Work = async (_, token) =>
                {
                    await second.Task.WaitAsync(Patience, token);
                    await Task.Delay(50, token);
                    throw new InvalidOperationException("disk full");
                },
            },
        };
        Assert.Equal("disk full", (await FailAsync<InvalidOperationException>(flow)).Message);
        Assert.Empty(flow.Writer.Frames);
        Assert.Equal(2, flow.Generator.ClipLengths.Count);
    }

    [Fact]
    public async Task WhenTheLastClipFails_TheErrorComesOut()
    {
        var flow = new FlowSetup(new FakeVideo(10)) { Generator = new FakeGenerator { Work = (clip, _) => ThrowIf(clip == 2, "boom") } };
        Assert.Equal("boom", (await FailAsync<InvalidOperationException>(flow, frames: 10)).Message);
        Assert.Equal(8, flow.Writer.Frames.Count);
    }

    [Theory]
    [InlineData(Place.Read)]
    [InlineData(Place.Generate)]
    [InlineData(Place.Write)]
    public async Task WhenCancelled_EndsWithinASecond(Place place)
    {
        var stuck = new TaskCompletionSource();
        var flow = new FlowSetup(new FakeVideo(200) { Work = (frame, token) => place == Place.Read && frame == 20 ? StayAsync(token) : Task.CompletedTask })
        {
            Generator = new FakeGenerator { Work = (clip, token) => StayIf(place == Place.Generate && clip == 2, token) },
            Writer = new FakeWriter { Work = (frame, token) => place == Place.Write && frame == 5 ? StayAsync(token) : Task.CompletedTask },
        };
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var run = flow.RunAsync(200, cancel.Token);
        await stuck.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        var clock = Stopwatch.StartNew();
        await cancel.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal(cancel.Token, error.CancellationToken);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal(flow.Video.Opened, flow.Video.Closed);

        Task StayAsync(CancellationToken token)
        {
            stuck.TrySetResult();
            return Task.Delay(Timeout.Infinite, token);
        }

        void StayIf(bool stay, CancellationToken token)
        {
            if (stay)
            {
                stuck.TrySetResult();
                token.WaitHandle.WaitOne();
                token.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Runs a flow that fails; when it has ended, nothing of it may continue.</summary>
    private static async Task<T> FailAsync<T>(FlowSetup flow, int frames = 200)
        where T : Exception
    {
        var error = await Assert.ThrowsAsync<T>(() => flow.RunAsync(frames).WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal(flow.Video.Opened, flow.Video.Closed);
        var (seen, clips, written) = (flow.Landmarker.Seen.Count, flow.Generator.ClipLengths.Count, flow.Writer.Frames.Count);
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Equal((seen, clips, written), (flow.Landmarker.Seen.Count, flow.Generator.ClipLengths.Count, flow.Writer.Frames.Count));
        return error;
    }

    private static void ThrowIf(bool now, string message)
    {
        if (now)
        {
            throw new InvalidOperationException(message);
        }
    }
}

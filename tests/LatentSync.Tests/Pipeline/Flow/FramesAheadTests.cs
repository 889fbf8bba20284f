using System.Diagnostics;
using LatentSync.Faces;
using LatentSync.Imaging;
using LatentSync.Pipeline.Flow;
using LatentSync.Pipeline.Flow.Frames;
using LatentSync.Progress;

namespace LatentSync.Tests.Pipeline.Flow;

/// <summary>Scouts look at several frames at once; what comes out is what came in, in its order, and nothing is left behind.</summary>
public class FramesAheadTests
{
    private const int Frames = 60;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Of every eight frames the first takes the longest, so that looks end in the opposite order where they can.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public async Task TheResult_IsThatOfOneFrameAfterTheOther(int framesAtOnce)
    {
        var one = Setup(framesAtOnce: 1);
        await one.RunAsync(2 * Frames);
        var several = Setup(framesAtOnce);
        await several.RunAsync(2 * Frames);

        Assert.Equal(one.Writer.Frames, several.Writer.Frames);
        Assert.Equal(one.Writer.Starts, several.Writer.Starts);
        Assert.Equal(one.Restorer.Weights, several.Restorer.Weights);
        Assert.Equal(one.Restorer.Faces, several.Restorer.Faces);
        Assert.Equal(one.Generator.ClipLengths, several.Generator.ClipLengths);
        Assert.Equal(one.Landmarker.Seen, several.Landmarker.Seen);
        Assert.Equal((1, 1), (one.Cuts, several.Cuts));

        // The way back goes by what was seen before.
        var scouts = several.Landmarker.Scouts;
        Assert.Equal(framesAtOnce > 1 ? framesAtOnce : 0, scouts.Count);
        Assert.Equal(framesAtOnce > 1 ? Enumerable.Range(0, Frames) : [], scouts.SelectMany(scout => scout.Seen).Order());
        Assert.All(scouts, scout => Assert.True(scout.IsDisposed));

        static FlowSetup Setup(int framesAtOnce) =>
            new(new FakeVideo(Frames) { CutAt = 30 })
            {
                FramesAtOnce = framesAtOnce,
                Landmarker = new FakeLandmarker([10, 11, 41, 42, 43, 44, 45, 46, 47, 48, 49])
                {
                    Ahead = frame => Thread.Sleep(2 * (8 - (frame % 8))),
                    Turned = [20, 21],
                },
            };
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public async Task SoManyFrames_AreLookedAtAtOnce(int count)
    {
        using var together = new CountdownEvent(count);
        using var landmarker = new FakeLandmarker
        {
            Ahead = frame =>
            {
                if (frame < count)
                {
                    together.Signal();
                    Assert.True(together.Wait(Patience, Token));
                }
            },
        };
        Assert.Equal(Enumerable.Range(0, 10), await ReadAsync(new Source(10), landmarker, count).Select(frame => frame.Index).ToListAsync(Token));
    }

    /// <summary>Whoever takes no frame stops the reading: those in the queue, and one on its way in.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public async Task NoMoreFrames_AreRead(int count)
    {
        var source = new Source(100);
        using var landmarker = new FakeLandmarker();
        await using var frames = ReadAsync(source, landmarker, count).GetAsyncEnumerator(Token);
        for (var taken = 1; taken <= 3; taken++)
        {
            Assert.True(await frames.MoveNextAsync());
            await Task.Delay(100, Token);
            Assert.Equal(taken + count + 1, source.Read);
            Assert.InRange(landmarker.Scouts.Sum(scout => scout.Seen.Count), taken + 1, taken + count);
        }
    }

    [Fact]
    public async Task AScoutThatFails_EndsTheFrames_AfterThoseBefore()
    {
        var source = new Source(100);
        using var landmarker = new FakeLandmarker { Ahead = FailAtTwelve };
        var frames = new List<int>();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => TakeAsync(source, landmarker, frames));
        Assert.Equal("blind", error.Message);
        Assert.Equal(Enumerable.Range(0, 12), frames);
        AssertEnded(source, landmarker);

        static void FailAtTwelve(int frame)
        {
            // So late that the ones behind have been looked at.
            Thread.Sleep(frame == 12 ? 50 : 0);
            if (frame is 12 or 14)
            {
                throw new InvalidOperationException(frame == 12 ? "blind" : "blind too");
            }
        }
    }

    [Fact]
    public async Task ASourceThatFails_EndsTheFrames_AfterThoseBefore()
    {
        var source = new Source(100) { FailsAt = 12 };
        using var landmarker = new FakeLandmarker { Ahead = _ => Thread.Sleep(20) };
        var frames = new List<int>();
        Assert.Equal("torn", (await Assert.ThrowsAsync<InvalidOperationException>(() => TakeAsync(source, landmarker, frames))).Message);
        Assert.Equal(Enumerable.Range(0, 12), frames);
        AssertEnded(source, landmarker);
    }

    [Fact]
    public async Task AFlowWhoseScoutFails_WritesWhatWasGenerated()
    {
        var flow = new FlowSetup(new FakeVideo(200))
        {
            Parity = true,
            FramesAtOnce = 4,
            Landmarker = new FakeLandmarker { Ahead = frame => Assert.NotEqual(50, frame) },
        };
        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => flow.RunAsync(200).WaitAsync(Patience, Token));
        Assert.Equal((1, 1), (flow.Video.Opened, flow.Video.Closed));
        Assert.Equal(Enumerable.Range(0, flow.Writer.Frames.Count).Select(frame => (frame, true)), flow.Writer.Frames);
        Assert.All(flow.Landmarker.Scouts, scout => Assert.True(scout.IsDisposed));
    }

    [Fact]
    public async Task WhenCancelled_EverythingEnds_AfterTheLooksAtHand()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var source = new Source(100) { StaysAt = 20 };
        using var landmarker = new FakeLandmarker { Ahead = _ => Thread.Sleep(50) };
        var frames = new List<int>();
        var run = TakeAsync(source, landmarker, frames, cancel.Token);
        await source.IsStuck.Task.WaitAsync(Patience, Token);
        var clock = Stopwatch.StartNew();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(Patience, Token));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal(Enumerable.Range(0, frames.Count), frames);
        AssertEnded(source, landmarker);
    }

    [Fact]
    public async Task WhoeverLeaves_LeavesNothingBehind()
    {
        var source = new Source(100);
        using var landmarker = new FakeLandmarker { Ahead = _ => Thread.Sleep(20) };
        await foreach (var frame in ReadAsync(source, landmarker, count: 4))
        {
            if (frame.Index == 7)
            {
                break;
            }
        }

        AssertEnded(source, landmarker);
    }

    private static IAsyncEnumerable<SourceFrame> ReadAsync(Source source, IFaceLandmarker landmarker, int count) =>
        new FramesAhead(source, landmarker, count, new WorkTimes()).ReadAsync(Token);

    private static async Task TakeAsync(Source source, IFaceLandmarker landmarker, List<int> taken, CancellationToken? cancellationToken = null)
    {
        await foreach (var frame in new FramesAhead(source, landmarker, count: 4, new WorkTimes()).ReadAsync(cancellationToken ?? Token))
        {
            taken.Add(frame.Index);
        }
    }

    private static void AssertEnded(Source source, FakeLandmarker landmarker)
    {
        Assert.True(source.IsLeft);
        Assert.Equal(4, landmarker.Scouts.Count);
        Assert.All(landmarker.Scouts, scout => Assert.True(scout.IsDisposed));
    }

    /// <summary>Frames whose value is their number.</summary>
    private sealed class Source(int frames) : IFrameSequence
    {
        public int Read { get; private set; }

        public bool IsLeft { get; private set; }

        /// <summary>The frame that cannot be read.</summary>
        public int? FailsAt { get; init; }

        /// <summary>The frame that never comes.</summary>
        public int? StaysAt { get; init; }

        public TaskCompletionSource IsStuck { get; } = new();

        public async IAsyncEnumerable<SourceFrame> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            try
            {
                for (var frame = 0; frame < frames; frame++)
                {
                    if (frame == StaysAt)
                    {
                        IsStuck.SetResult();
                        await Task.Delay(Timeout.Infinite, cancellationToken);
                    }

                    await Task.Yield();
                    var image = new RgbImage(1, 1);
                    image.Pixels[0] = frame == FailsAt ? throw new InvalidOperationException("torn") : (byte)frame;
                    Read++;
                    yield return new SourceFrame(frame, image, frame);
                }
            }
            finally
            {
                IsLeft = true;
            }
        }
    }
}

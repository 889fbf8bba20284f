using LatentSync.Pipeline.FileJob;
using LatentSync.Pipeline.Flow.Frames;
using LatentSync.Pipeline.Segments;
using LatentSync.Tests.Pipeline.Flow;
using LatentSync.Timeline;

namespace LatentSync.Tests.Pipeline.Segments;

public class RecordedFramesTests
{
    private const byte Paint = 250;

    public static TheoryData<LipSyncLength, LipSyncLoop> Modes { get; } =
    [.. from length in Enum.GetValues<LipSyncLength>() from loop in Enum.GetValues<LipSyncLoop>() select (length, loop)];

    /// <summary>Any part of what the whole job shows is read the same from where it is, whatever is painted into earlier frames.</summary>
    [Theory]
    [MemberData(nameof(Modes))]
    public async Task AnyPart_IsWhatTheWholeShows(LipSyncLength length, LipSyncLoop loop)
    {
        foreach (var (sourceFrames, soundFrames) in from source in (int[])[1, 2, 3, 7] from sound in (int[])[1, 4, 7, 17] select (source, sound))
        {
            var video = new FakeVideo(sourceFrames) { Starts = [.. Enumerable.Range(0, sourceFrames).Select(i => (long)(i * 3) + (i % 2))] };
            var (order, times) = await WholeAsync(video, length, loop, soundFrames);
            foreach (
                var (first, count, piece) in from first in Enumerable.Range(0, order.Count)
                from count in (int[])[1, 2, 5, order.Count]
                from piece in (int[])[1, 3]
                where first + count <= order.Count
                select (first, count, piece)
            )
            {
                var part = order.GetRange(first, count);
                Assert.Equal(part, await PartAsync(video, piece, times, part));
                Assert.Equal(video.Opened, video.Closed);
            }
        }
    }

    /// <summary>A picture under a long sound is decoded once, and a video that runs forward is opened once.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public async Task AForwardRun_OrAStandingFrame_OpensTheVideoOnce(int sourceFrames)
    {
        var video = new FakeVideo(sourceFrames);
        var (order, times) = await WholeAsync(video, LipSyncLength.Audio, LipSyncLoop.Loop, 16);
        var before = video.Opened;
        await PartAsync(video, 4, times, order);
        Assert.Equal(1, video.Opened - before);
    }

    [Fact]
    public async Task AVideoThatGotShorter_IsRefused()
    {
        var (order, times) = await WholeAsync(new FakeVideo(9), LipSyncLength.Audio, LipSyncLoop.PingPong, 20);
        foreach (var part in (List<FrameMoment>[])[order, order[9..], order[8..9]])
        {
            var error = await Assert.ThrowsAsync<LipSyncException>(() => PartAsync(new FakeVideo(8), 4, times, part));
            Assert.Equal(
                "The video had 9 frames when it was first read and 8 the next time; make sure that nothing changes the file meanwhile.",
                error.Message
            );
        }
    }

    /// <summary>Of a damaged video ffmpeg shows the same only if it begins at the same place.</summary>
    [Fact]
    public async Task ADamagedVideo_IsNotEnteredInTheMiddle()
    {
        var video = new FakeVideo(9);
        var (order, times) = await WholeAsync(video, LipSyncLength.Audio, LipSyncLoop.Loop, 20);
        var ticks = new List<long?>();
        var pool = new FramePool(4, 2);
        var frames = new RecordedFrames(
            new VideoFrames(
                (frame, start, limit, token) =>
                {
                    ticks.Add(start);
                    return video.Open(frame, start, limit, token);
                },
                pool
            ),
            pool,
            4,
            times,
            order[4..12],
            isDamaged: true
        );
        Assert.Equal(order[4..12].Select(frame => frame.Source), (await ReadAsync(frames, pool)).Select(frame => frame.Source));
        Assert.Equal([null, null], ticks);
    }

    private static async Task<(List<FrameMoment> Order, FrameTimes Times)> WholeAsync(FakeVideo video, LipSyncLength length, LipSyncLoop loop, int soundFrames)
    {
        var pool = new FramePool(4, 2);
        var schedule = FrameSchedule.Create(length, loop, 3 * soundFrames, FrameSchedule.FramesPerSecond);
        var frames = new ScheduledFrames(video.Open, pool, 2, schedule, FrameClock.Model);
        var order = await ReadAsync(frames, pool);
        return (order, frames.Read);
    }

    private static Task<List<FrameMoment>> PartAsync(FakeVideo video, int piece, FrameTimes times, List<FrameMoment> part)
    {
        var pool = new FramePool(4, 2);
        return ReadAsync(new RecordedFrames(new VideoFrames(video.Open, pool), pool, piece, times, part), pool);
    }

    private static async Task<List<FrameMoment>> ReadAsync(LatentSync.Pipeline.Flow.IFrameSequence frames, FramePool pool)
    {
        var read = new List<FrameMoment>();
        await foreach (var frame in frames.ReadAsync(TestContext.Current.CancellationToken))
        {
            Assert.Equal(frame.Index, frame.Image.Pixels[0]);
            read.Add(new FrameMoment(frame.Index, frame.Start));
            frame.Image.Pixels.AsSpan().Fill(Paint);
            pool.Return(frame.Image);
        }

        return read;
    }
}

using LatentSync.Pipeline.FileJob;
using LatentSync.Pipeline.Flow.Frames;
using LatentSync.Tests.Pipeline.Flow;
using LatentSync.Timeline;

namespace LatentSync.Tests.Pipeline.FileJob;

public class ScheduledFramesTests
{
    private const byte Paint = 250;

    public static TheoryData<LipSyncLength, LipSyncLoop> Modes { get; } =
    [.. from length in Enum.GetValues<LipSyncLength>() from loop in Enum.GetValues<LipSyncLoop>() select (length, loop)];

    /// <summary>What is decoded is what the plan says, however the passes are cut into segments, whatever is painted into earlier frames.</summary>
    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Read_FollowsTheSchedule(LipSyncLength length, LipSyncLoop loop)
    {
        foreach (
            var (sourceFrames, soundFrames, segment) in from source in (int[])[1, 2, 5, 9]
            from sound in (int[])[1, 4, 5, 6, 23]
            from segment in (int[])[1, 3, 100]
            select (source, sound, segment)
        )
        {
            var schedule = Schedule(length, loop, soundFrames);
            var expected = Enumerable
                .Range(0, schedule.FrameCount(Times(sourceFrames)))
                .Select(frame => schedule.SourceFrame(frame, Times(sourceFrames)))
                .ToList();
            var (indices, values, _) = await ReadAsync(new FakeVideo(sourceFrames), segment, schedule);
            Assert.Equal(expected, indices);
            Assert.Equal(expected, values);
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Read_OfNoFrame_Ends(LipSyncLength length, LipSyncLoop loop)
    {
        var (indices, _, _) = await ReadAsync(new FakeVideo(0), 4, Schedule(length, loop, 7));
        Assert.Empty(indices);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Read_ClosesEveryReader(LipSyncLength length, LipSyncLoop loop)
    {
        var video = new FakeVideo(5);
        await ReadAsync(video, 2, Schedule(length, loop, 13));
        Assert.Equal(video.Opened, video.Closed);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Read_HoldsNoMoreFramesThanASegment(LipSyncLength length, LipSyncLoop loop)
    {
        var (_, _, pool) = await ReadAsync(new FakeVideo(50), 8, Schedule(length, loop, 200));
        Assert.InRange(pool.Created, 1, 8 + 1);
    }

    /// <summary>A picture under a long sound does not start ffmpeg for every frame.</summary>
    [Theory]
    [InlineData(LipSyncLoop.PingPong)]
    [InlineData(LipSyncLoop.Loop)]
    [InlineData(LipSyncLoop.Freeze)]
    public async Task Read_OfOneFrame_OpensItTwiceAtMost(LipSyncLoop loop)
    {
        var video = new FakeVideo(1);
        await ReadAsync(video, 4, Schedule(LipSyncLength.Audio, loop, 100));
        Assert.InRange(video.Opened, 1, 2);
    }

    [Theory]
    [InlineData(LipSyncLoop.PingPong, 4, null)]
    [InlineData(LipSyncLoop.PingPong, 5, 5)]
    [InlineData(LipSyncLoop.PingPong, 6, 5)]
    [InlineData(LipSyncLoop.Freeze, 6, 5)]
    [InlineData(LipSyncLoop.Trim, 6, 5)]
    public async Task SourceFrames_AreKnownOnceTheEndWasPassed(LipSyncLoop loop, int soundFrames, int? expected)
    {
        var frames = new ScheduledFrames(new FakeVideo(5).Open, new FramePool(4, 2), 4, Schedule(LipSyncLength.Audio, loop, soundFrames), FrameClock.Model);
        await foreach (var frame in frames.ReadAsync(TestContext.Current.CancellationToken))
        {
            Assert.InRange(frame.Index, 0, 4);
        }

        Assert.Equal(expected, frames.Source?.Count);
    }

    private static FrameTimes Times(int frames) => FrameTimes.Constant(FrameRate.Model, frames);

    private static FrameSchedule Schedule(LipSyncLength length, LipSyncLoop loop, int soundFrames) =>
        FrameSchedule.Create(length, loop, soundFrames, FrameSchedule.FramesPerSecond);

    private static async Task<(List<int> Indices, List<int> Values, FramePool Pool)> ReadAsync(FakeVideo video, int segmentLength, FrameSchedule schedule)
    {
        var pool = new FramePool(4, 2);
        var (indices, values) = (new List<int>(), new List<int>());
        await foreach (
            var frame in new ScheduledFrames(video.Open, pool, segmentLength, schedule, FrameClock.Model).ReadAsync(TestContext.Current.CancellationToken)
        )
        {
            indices.Add(frame.Index);
            values.Add(frame.Image.Pixels[0]);
            frame.Image.Pixels.AsSpan().Fill(Paint);
            pool.Return(frame.Image);
        }

        return (indices, values, pool);
    }
}

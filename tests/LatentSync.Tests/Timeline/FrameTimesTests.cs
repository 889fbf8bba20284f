using LatentSync.Timeline;

namespace LatentSync.Tests.Timeline;

/// <summary>Schedules of variable times and of rates other than 25, against lists that are grown frame by frame.</summary>
public class FrameTimesTests
{
    [Fact]
    public void EveryMode_OfVariableTimes_IsTheObviousList()
    {
        var random = new Random(3);
        for (var round = 0; round < 2000; round++)
        {
            var video = Random(random, 90);
            var (loop, length) = ((LipSyncLoop)random.Next(4), (LipSyncLength)random.Next(2));
            var schedule = FrameSchedule.Create(length, loop, random.Next(1, 100), 60);
            var expected = Obvious(schedule, video);
            Assert.Equal(expected.Count, schedule.FrameCount(video));
            Assert.Equal(expected, Enumerable.Range(0, expected.Count).Select(frame => (schedule.SourceFrame(frame, video), schedule.Start(frame, video))));
        }
    }

    /// <summary>Ten minutes at 29.97: the frames of the model, and so the sound, stay with the pictures.</summary>
    [Theory]
    [InlineData(24000, 1001)]
    [InlineData(30000, 1001)]
    [InlineData(60000, 1001)]
    public void TenMinutes_DoNotDrift(int numerator, int denominator)
    {
        var rate = new FrameRate(numerator, denominator);
        var clock = FrameClock.Of(rate);
        var count = FrameSchedule.CountFrames(600 * 16000, 16000, rate);
        Assert.Equal((int)Math.Ceiling(600m * numerator / denominator), count);
        for (var frame = 0; frame < count; frame++)
        {
            // In units of 1 / (25 numerator) s.
            var apart = (25L * frame * denominator) - ((long)numerator * clock.ModelFrame((long)frame * denominator));
            Assert.InRange(2 * Math.Abs(apart), 0, numerator);
        }
    }

    [Theory]
    [InlineData("25", 25, 1)]
    [InlineData("29.97", 30000, 1001)]
    [InlineData("23.976", 24000, 1001)]
    [InlineData("59.94", 60000, 1001)]
    [InlineData("12.5", 25, 2)]
    [InlineData("30000/1001", 30000, 1001)]
    [InlineData("120", 120, 1)]
    [InlineData("1", 1, 1)]
    public void Rates_AreRead(string text, int numerator, int denominator)
    {
        Assert.True(FrameRate.TryParse(text, out var rate));
        Assert.Equal((numerator, denominator), (rate.Numerator, rate.Denominator));
        Assert.True(FrameRate.TryParse(rate.ToString(), out var again));
        Assert.Equal(rate, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0.5")]
    [InlineData("121")]
    [InlineData("-25")]
    [InlineData("25/0")]
    [InlineData("25/1/1")]
    [InlineData("1e2")]
    [InlineData("25,5")]
    [InlineData("25.1234567")]
    [InlineData("99999999999999999999")]
    [InlineData("source")]
    public void OtherRates_AreRefused(string text) => Assert.False(FrameRate.TryParse(text, out _));

    [Fact]
    public void TimesOutOfOrder_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => FrameTimes.Create(90, [0, 3, 3], 9));
        Assert.Throws<ArgumentException>(() => FrameTimes.Create(90, [1, 3], 9));
        Assert.Throws<ArgumentException>(() => FrameTimes.Create(90, [0, 3], 3));
        Assert.Throws<ArgumentException>(() => FrameTimes.Create(90, [], 3));
    }

    [Fact]
    public void Times_AreThoseOfTheFrames_AndTheLastIsTheEnd()
    {
        var listed = FrameTimes.Create(90, [0, 3, 7], 9);
        Assert.Equal((90, 3, 9L), (listed.TicksPerSecond, listed.Count, listed.Duration));
        Assert.Equal([0L, 3, 7, 9], Enumerable.Range(0, 4).Select(frame => listed[frame]));
        var constant = FrameTimes.Constant(new FrameRate(30000, 1001), 3);
        Assert.Equal((30000, 3, 3003L), (constant.TicksPerSecond, constant.Count, constant.Duration));
        Assert.Equal([0L, 1001, 2002, 3003], Enumerable.Range(0, 4).Select(frame => constant[frame]));
        Assert.Throws<ArgumentOutOfRangeException>(() => listed[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => listed[4]);
        Assert.Throws<ArgumentOutOfRangeException>(() => constant[4]);
    }

    [Fact]
    public void TimesWithoutAClock_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameTimes.Create(0, [0], 9));
        Assert.Throws<ArgumentNullException>(() => FrameTimes.Create(90, null!, 9));
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameTimes.Constant(default, 1));
        Assert.Equal("starts", Assert.Throws<ArgumentException>(() => FrameTimes.Create(90, [0, 5, 4], 9)).ParamName);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    [InlineData(7, 2)]
    [InlineData(8, 3)]
    [InlineData(1000, 3)]
    public void CountBefore_CountsWhatIsShownEarlier(long ticks, int expected) =>
        Assert.Equal(expected, FrameTimes.Create(90, [0, 3, 7], 9).CountBefore(ticks));

    private static FrameTimes Random(Random random, int ticksPerSecond)
    {
        var starts = new List<long> { 0 };
        while (starts.Count < random.Next(1, 9))
        {
            starts.Add(starts[^1] + random.Next(1, 12));
        }

        return FrameTimes.Create(ticksPerSecond, starts, starts[^1] + random.Next(1, 12));
    }

    private static List<(int Source, long Start)> Obvious(FrameSchedule schedule, FrameTimes video)
    {
        var frames = new List<(int, long)>();
        var now = 0L;
        for (var pass = 0; pass == 0 || (schedule.Length == LipSyncLength.Audio && schedule.Loop != LipSyncLoop.Trim && IsBeforeEnd(now)); pass++)
        {
            IEnumerable<int> order = Enumerable.Range(0, video.Count);
            order =
                pass > 0 && schedule.Loop == LipSyncLoop.Freeze ? [video.Count - 1]
                : pass % 2 == 1 && schedule.Loop == LipSyncLoop.PingPong ? order.Reverse()
                : order;
            foreach (var frame in order)
            {
                if (schedule.Length == LipSyncLength.Video || IsBeforeEnd(now))
                {
                    frames.Add((frame, now));
                }

                now += pass > 0 && schedule.Loop == LipSyncLoop.Freeze ? FrameSchedule.StillStep(video) : video[frame + 1] - video[frame];
            }
        }

        return frames;

        bool IsBeforeEnd(long ticks) => ticks * schedule.SampleRate < schedule.Samples * video.TicksPerSecond;
    }
}

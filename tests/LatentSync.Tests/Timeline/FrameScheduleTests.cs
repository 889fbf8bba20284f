namespace LatentSync.Tests.Timeline;

public class FrameScheduleTests
{
    /// <summary>Against a list that is grown frame by frame until it is long enough.</summary>
    [Fact]
    public void EveryMode_IsTheObviousList()
    {
        foreach (var loop in Enum.GetValues<LipSyncLoop>())
        {
            foreach (var (source, samples) in from source in Enumerable.Range(1, 7) from samples in Enumerable.Range(1, 60) select (source, samples))
            {
                // 50 Hz: two samples a frame.
                foreach (var length in Enum.GetValues<LipSyncLength>())
                {
                    var schedule = FrameSchedule.Create(length, loop, samples, 50);
                    var actual = Enumerable.Range(0, schedule.FrameCount(Video(source))).Select(frame => schedule.SourceFrame(frame, Video(source)));
                    Assert.Equal(Obvious(length, loop, source, samples, samplesPerFrame: 2), actual);
                    Assert.Equal(schedule.Duration(Video(source)), (long)schedule.FrameCount(Video(source)));
                }
            }
        }
    }

    /// <summary>At any rate: the frames last as long as the samples, and one frame less would not.</summary>
    [Fact]
    public void CountFrames_IsTheFewestThatSuffice()
    {
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var rate = random.Next(1, 200_000);
            var samples = random.NextInt64(1, rate * 80_000_000L);
            var frames = (Int128)FrameSchedule.CountFrames(samples, rate);
            Assert.True(frames * rate >= (Int128)samples * 25);
            Assert.True((frames - 1) * rate < (Int128)samples * 25);
        }
    }

    [Theory]
    [InlineData(LipSyncLength.Audio, LipSyncLoop.PingPong, 10, 44100, 44100)]
    [InlineData(LipSyncLength.Audio, LipSyncLoop.Freeze, 40, 44100, 44100)]
    [InlineData(LipSyncLength.Audio, LipSyncLoop.Trim, 10, 44100, 17640)]
    [InlineData(LipSyncLength.Audio, LipSyncLoop.Trim, 40, 44100, 44100)]
    [InlineData(LipSyncLength.Video, LipSyncLoop.PingPong, 10, 44100, 17640)]
    [InlineData(LipSyncLength.Video, LipSyncLoop.PingPong, 40, 44100, 70560)]
    public void SampleCount_IsExact(LipSyncLength length, LipSyncLoop loop, int source, long samples, long expected) =>
        Assert.Equal(expected, FrameSchedule.Create(length, loop, samples, 44100).SampleCount(Video(source)));

    [Fact]
    public void SilentPadding_CountsAsSound_ToTheSample()
    {
        var schedule = FrameSchedule.Create(LipSyncLength.Audio, LipSyncLoop.Loop, 16000, 16000, silentPadding: 0.50003);
        Assert.Equal((24000, 38), (schedule.Samples, schedule.SoundFrames));
        Assert.Equal(24001, FrameSchedule.Create(LipSyncLength.Audio, LipSyncLoop.Loop, 16000, 16000, silentPadding: 0.50004).Samples);
    }

    [Fact]
    public void NonsenseIsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameSchedule.Create(LipSyncLength.Audio, LipSyncLoop.Loop, -1, 16000));
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameSchedule.Create(LipSyncLength.Audio, LipSyncLoop.Loop, 1, 0));
        Assert.Throws<OverflowException>(() => FrameSchedule.Create(LipSyncLength.Audio, LipSyncLoop.Loop, long.MaxValue, 1));
        var schedule = FrameSchedule.Create(LipSyncLength.Audio, LipSyncLoop.Loop, 16000, 16000);
        Assert.Throws<ArgumentOutOfRangeException>(() => schedule.SourceFrame(25, Video(5)));
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameTimes.Constant(FrameRate.Model, 0));
    }

    /// <summary>Frames at 0, 0.04, 0.08 and 5 s: the third is cut by the end of the sound, but not to less than the one before.</summary>
    [Theory]
    [InlineData(LipSyncLength.Audio, 32000, 2000)]
    [InlineData(LipSyncLength.Audio, 1312, 120)]
    [InlineData(LipSyncLength.Audio, 80000, 5000)]
    [InlineData(LipSyncLength.Video, 32000, 5040)]
    public void AHeldFrame_EndsWithTheSound(LipSyncLength length, long samples, long expected)
    {
        var video = FrameTimes.Create(1000, [0, 40, 80, 5000], 5040);
        var schedule = FrameSchedule.Create(length, LipSyncLoop.PingPong, samples, 16000);
        Assert.Equal(expected, schedule.Duration(video));
    }

    /// <summary>Slides of two seconds.</summary>
    [Fact]
    public void ALongFrame_EndsWithTheSound() =>
        Assert.Equal(
            2500,
            FrameSchedule.Create(LipSyncLength.Audio, LipSyncLoop.PingPong, 40000, 16000).Duration(FrameTimes.Create(1000, [0, 2000, 4000], 6000))
        );

    [Fact]
    public void ASchedule_SaysWhatItWasMadeOf()
    {
        var schedule = FrameSchedule.Create(LipSyncLength.Video, LipSyncLoop.Freeze, 16001, 16000, silentPadding: 1);
        Assert.Equal((LipSyncLength.Video, LipSyncLoop.Freeze, 32001L, 16000), (schedule.Length, schedule.Loop, schedule.Samples, schedule.SampleRate));
        Assert.Equal(51, schedule.SoundFrames);
    }

    [Fact]
    public void WhatCannotBeCounted_IsRefused()
    {
        var schedule = FrameSchedule.Create(LipSyncLength.Audio, LipSyncLoop.Loop, 16000, 16000);
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameSchedule.Create(LipSyncLength.Audio, LipSyncLoop.Loop, 1, 16000, silentPadding: -0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameSchedule.CountFrames(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameSchedule.CountFrames(1, 16000, default));
        Assert.Throws<OverflowException>(() => FrameSchedule.CountFrames(long.MaxValue, 1));
        Assert.Throws<ArgumentNullException>(() => schedule.FrameCount(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => schedule.SourceFrame(-1, Video(5)));
        Assert.Throws<ArgumentOutOfRangeException>(() => schedule.Start(25, Video(5)));
    }

    [Fact]
    public void ASoundOfNothing_HasNoFrames()
    {
        var schedule = FrameSchedule.Create(LipSyncLength.Audio, LipSyncLoop.PingPong, 0, 16000);
        Assert.Equal((0, 0L, 0L), (schedule.FrameCount(Video(5)), schedule.Duration(Video(5)), schedule.SampleCount(Video(5))));
    }

    /// <summary>The reference counts frames of its own: they end the result, not the sound.</summary>
    [Theory]
    [InlineData(40, 30)]
    [InlineData(7, 30)]
    public void TheNumberOfTheReference_ReplacesTheSound(int source, int expected)
    {
        var schedule = FrameSchedule.Create(LipSyncLength.Audio, LipSyncLoop.PingPong, 100_000, 16000) with { ReferenceFrames = 30 };
        Assert.Equal(expected, schedule.FrameCount(Video(source)));
        Assert.Equal((30L, 1200L, 29L), (schedule.End(25), schedule.End(1000), schedule.End(24)));
    }

    /// <summary>While a video stands still, its last frame is repeated as it lasts, or at 25 per second if it lasts longer than 0.1 s.</summary>
    [Theory]
    [InlineData(1000, 100, 100)]
    [InlineData(1000, 101, 40)]
    [InlineData(1000, 33, 33)]
    [InlineData(10, 5, 1)]
    public void AStillFrame_IsRepeated(int ticksPerSecond, long lasts, long step) =>
        Assert.Equal(step, FrameSchedule.StillStep(FrameTimes.Create(ticksPerSecond, [0, 400], 400 + lasts)));

    /// <summary>In ticks of a millisecond: shown at 2000, the next at 4000; a frame lasts as long as the one before, 0.1 s at most.</summary>
    [Theory]
    [InlineData(32160, 0, 2100)]
    [InlineData(32160, 50, 2050)]
    [InlineData(32160, 500, 2100)]
    [InlineData(33600, 50, 2100)]
    [InlineData(100_000, 50, 4000)]
    public void TheLastFrame_EndsWithTheSound_ButLastsAsUsual(long samples, long before, long expected) =>
        Assert.Equal(expected, FrameSchedule.Create(LipSyncLength.Audio, LipSyncLoop.Trim, samples, 16000).LastEnd(2000, 4000, before, 1000));

    [Fact]
    public void TheLastFrame_LastsATickAtLeast() =>
        Assert.Equal(21, FrameSchedule.Create(LipSyncLength.Audio, LipSyncLoop.Trim, 16000, 16000).LastEnd(20, 40, 3, ticksPerSecond: 5));

    private static FrameTimes Video(int frames) => FrameTimes.Constant(FrameRate.Model, frames);

    private static List<int> Obvious(LipSyncLength length, LipSyncLoop loop, int source, int samples, int samplesPerFrame)
    {
        List<int> forward = [.. Enumerable.Range(0, source)];
        List<int> frames = [.. forward];
        if (length == LipSyncLength.Video)
        {
            return frames;
        }

        var backward = true;
        while (frames.Count * samplesPerFrame < samples && loop != LipSyncLoop.Trim)
        {
            switch (loop)
            {
                case LipSyncLoop.PingPong:
                    frames.AddRange(backward ? forward.AsEnumerable().Reverse() : forward);
                    backward = !backward;
                    break;
                case LipSyncLoop.Loop:
                    frames.AddRange(forward);
                    break;
                default:
                    frames.Add(source - 1);
                    break;
            }
        }

        while (frames.Count > 1 && (frames.Count - 1) * samplesPerFrame >= samples)
        {
            frames.RemoveAt(frames.Count - 1);
        }

        return frames;
    }
}

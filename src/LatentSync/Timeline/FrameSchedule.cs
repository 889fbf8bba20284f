namespace LatentSync;

/// <summary>
/// How many frames a result has, when each is shown, and which frame of the video it is. Needs no file: it is made of the
/// length of the sound, and asked with the times of the video's frames, which streaming learns only at the end of the
/// first pass. Exact to the tick and to the sample.
/// </summary>
public sealed record FrameSchedule
{
    /// <summary>Frames per second at which the models work.</summary>
    public const int FramesPerSecond = 25;

    // The slowest rate at which a picture that stands still is repeated, and at which a frame is not cut by the end of the sound.
    private const int SlowestStill = 10;

    private FrameSchedule(LipSyncLength length, LipSyncLoop loop, long samples, int sampleRate)
    {
        (Length, Loop, Samples, SampleRate) = (length, loop, samples, sampleRate);
        SoundFrames = CountFrames(samples, sampleRate);
    }

    /// <summary>What decides the length.</summary>
    public LipSyncLength Length { get; }

    /// <summary>What the video does when it ends before the sound.</summary>
    public LipSyncLoop Loop { get; }

    /// <summary>Samples per second of one channel.</summary>
    public int SampleRate { get; }

    /// <summary>Samples of one channel: the sound and the silence asked for after it.</summary>
    public long Samples { get; }

    /// <summary>The fewest frames, at 25 per second, that last as long as <see cref="Samples"/>.</summary>
    public int SoundFrames { get; }

    /// <summary>The reference's number of frames instead of the sound's own end; null for the latter.</summary>
    internal int? ReferenceFrames { get; init; }

    /// <summary>Makes the schedule of a sound.</summary>
    /// <param name="length">What decides the length.</param>
    /// <param name="loop">What the video does when it ends before the sound.</param>
    /// <param name="samples">Samples of one channel of the sound.</param>
    /// <param name="sampleRate">Samples per second.</param>
    /// <param name="silentPadding">Seconds of silence after the sound, rounded to a sample.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, or the rate is 0.</exception>
    /// <exception cref="OverflowException">The sound is longer than can be counted in frames.</exception>
    public static FrameSchedule Create(LipSyncLength length, LipSyncLoop loop, long samples, int sampleRate, double silentPadding = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleRate);
        ArgumentOutOfRangeException.ThrowIfNegative(silentPadding);
        return new FrameSchedule(length, loop, checked(samples + (long)Math.Round(silentPadding * sampleRate)), sampleRate);
    }

    /// <summary>The fewest frames that last as long as so many samples, at 25 per second.</summary>
    public static int CountFrames(long samples, int sampleRate) => CountFrames(samples, sampleRate, FrameRate.Model);

    /// <summary>The fewest frames that last as long as so many samples.</summary>
    public static int CountFrames(long samples, int sampleRate, FrameRate rate)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleRate);
        ArgumentOutOfRangeException.ThrowIfZero(rate.Numerator, nameof(rate));
        return checked((int)DivideUp((Int128)samples * rate.Numerator, (Int128)sampleRate * rate.Denominator));
    }

    /// <summary>Frames of the result: those that are shown before the sound ends, if the sound decides.</summary>
    /// <param name="video">The frames of the video.</param>
    public int FrameCount(FrameTimes video)
    {
        ArgumentNullException.ThrowIfNull(video);
        if (Length == LipSyncLength.Video)
        {
            return video.Count;
        }

        var end = End(video.TicksPerSecond);
        if (end <= video.Duration || Loop == LipSyncLoop.Trim)
        {
            return video.CountBefore(end);
        }

        if (Loop == LipSyncLoop.Freeze)
        {
            var step = StillStep(video);
            return checked((int)(video.Count + ((end - video.Duration + step - 1) / step)));
        }

        var (passes, rest) = Math.DivRem(end, video.Duration);

        // Backward, frame i is shown when it would end going forward: counted from the other end.
        var last = IsBackward(passes) ? video.Count - CountEndingBy(video, video.Duration - rest) : video.CountBefore(rest);
        return checked((int)((passes * video.Count) + last));
    }

    /// <summary>The frame of the video that is shown at a frame of the result.</summary>
    /// <param name="frame">Below <see cref="FrameCount"/>.</param>
    /// <param name="video">The frames of the video.</param>
    public int SourceFrame(int frame, FrameTimes video) => At(frame, video).SourceFrame;

    /// <summary>When a frame of the result is shown, in ticks of the video's times.</summary>
    /// <param name="frame">Below <see cref="FrameCount"/>.</param>
    /// <param name="video">The frames of the video.</param>
    public long Start(int frame, FrameTimes video) => At(frame, video).Start;

    /// <summary>When the last frame of the result ends, in ticks of the video's times.</summary>
    /// <param name="video">The frames of the video.</param>
    public long Duration(FrameTimes video)
    {
        var count = FrameCount(video);
        if (count == 0)
        {
            return 0;
        }

        var (last, next) = (Place(count - 1, video).Start, Place(count, video).Start);
        return LastEnd(last, next, count > 1 ? last - Place(count - 2, video).Start : 0, video.TicksPerSecond);
    }

    /// <summary>
    /// Samples of one channel that the result has, of the sound and of silence. Where the sound decides, it ends where the
    /// sound does, up to a frame before the pictures; else it ends with the pictures.
    /// </summary>
    /// <param name="video">The frames of the video.</param>
    public long SampleCount(FrameTimes video)
    {
        var shown = (long)((Int128)Duration(video) * SampleRate / video.TicksPerSecond);
        return Length == LipSyncLength.Video ? shown : Math.Min(Samples, shown);
    }

    /// <summary>
    /// When the last frame of the result ends. Where the sound decides and ends while a frame is held, as in recordings of a
    /// screen, the frame ends with it; one that lasts no longer than usual stays whole.
    /// </summary>
    /// <param name="last">When it is shown, in ticks.</param>
    /// <param name="next">When the frame after it would be.</param>
    /// <param name="before">How long the frame before it lasts; 0 if there is none.</param>
    /// <param name="ticksPerSecond">The unit.</param>
    internal long LastEnd(long last, long next, long before, int ticksPerSecond)
    {
        var usual = Math.Min(before > 0 ? before : next - last, ticksPerSecond / SlowestStill);
        return Length == LipSyncLength.Video ? next : Math.Min(next, Math.Max(End(ticksPerSecond), last + Math.Max(1, usual)));
    }

    /// <summary>The first tick at which no frame is shown any more, if the sound decides.</summary>
    internal long End(int ticksPerSecond) =>
        ReferenceFrames is { } frames
            ? checked((long)DivideUp((Int128)frames * ticksPerSecond, FramesPerSecond))
            : checked((long)DivideUp((Int128)Samples * ticksPerSecond, SampleRate));

    /// <summary>Ticks from one frame to the next while the last one stands still: as long as it lasts itself, or at 25 per second if that is long.</summary>
    internal static long StillStep(FrameTimes video)
    {
        var last = video.Duration - video[video.Count - 1];
        return last * SlowestStill <= video.TicksPerSecond ? last : Math.Max(1, (long)Math.Round((double)video.TicksPerSecond / FramesPerSecond));
    }

    private (int SourceFrame, long Start) At(int frame, FrameTimes video)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frame);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(frame, FrameCount(video));
        return Place(frame, video);
    }

    /// <summary>Also of the frame after the last one: where it would begin.</summary>
    private (int SourceFrame, long Start) Place(int frame, FrameTimes video)
    {
        if (frame <= video.Count && (frame < video.Count || Loop is LipSyncLoop.Trim || Length == LipSyncLength.Video))
        {
            return (Math.Min(frame, video.Count - 1), video[frame]);
        }

        if (Loop == LipSyncLoop.Freeze)
        {
            return (video.Count - 1, video.Duration + ((frame - video.Count) * StillStep(video)));
        }

        var (pass, place) = Math.DivRem(frame, video.Count);
        return IsBackward(pass)
            ? (video.Count - 1 - place, ((pass + 1) * video.Duration) - video[video.Count - place])
            : (place, (pass * video.Duration) + video[place]);
    }

    private bool IsBackward(long pass) => Loop == LipSyncLoop.PingPong && pass % 2 == 1;

    private static int CountEndingBy(FrameTimes video, long ticks)
    {
        // The first frame that ends after the time is the one that is shown then.
        var shown = video.CountBefore(ticks + 1) - 1;
        return ticks >= video.Duration ? video.Count : Math.Max(shown, 0);
    }

    private static Int128 DivideUp(Int128 value, Int128 divisor) => (value + divisor - 1) / divisor;
}

namespace LatentSync;

/// <summary>
/// How many frames a result has, and which frame of the video is shown at each of them. Needs no file: it is made of the
/// length of the sound, and asked with the number of frames of the video, which streaming learns only at the end of the
/// first pass. Exact to the frame and to the sample.
/// </summary>
public sealed record FrameSchedule
{
    /// <summary>Frames per second of the result, and of the video that indices count.</summary>
    public const int FramesPerSecond = 25;

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

    /// <summary>The fewest frames that last as long as <see cref="Samples"/>.</summary>
    public int SoundFrames { get; internal init; }

    /// <summary>The most frames the result can have, whatever the video; null if the video alone decides.</summary>
    public int? FrameLimit => Length == LipSyncLength.Video ? null : SoundFrames;

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

    /// <summary>The fewest frames that last as long as so many samples.</summary>
    public static int CountFrames(long samples, int sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleRate);
        var (seconds, rest) = Math.DivRem(samples, sampleRate);
        return checked((int)((seconds * FramesPerSecond) + (((rest * FramesPerSecond) + sampleRate - 1) / sampleRate)));
    }

    /// <summary>Frames of the result.</summary>
    /// <param name="sourceFrames">Frames of the video, at 25 per second; at least 1.</param>
    public int FrameCount(int sourceFrames)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sourceFrames);
        return (Length, Loop) switch
        {
            (LipSyncLength.Video, _) => sourceFrames,
            (_, LipSyncLoop.Trim) => Math.Min(SoundFrames, sourceFrames),
            _ => SoundFrames,
        };
    }

    /// <summary>The frame of the video that is shown at a frame of the result.</summary>
    /// <param name="frame">Below <see cref="FrameCount"/>.</param>
    /// <param name="sourceFrames">Frames of the video, at 25 per second; at least 1.</param>
    public int SourceFrame(int frame, int sourceFrames)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frame);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(frame, FrameCount(sourceFrames));
        var (pass, place) = Math.DivRem(frame, sourceFrames);
        return Loop switch
        {
            _ when pass == 0 => place,
            LipSyncLoop.PingPong when pass % 2 == 1 => sourceFrames - 1 - place,
            LipSyncLoop.Freeze => sourceFrames - 1,
            _ => place,
        };
    }

    /// <summary>
    /// Samples of one channel that the result has, of the sound and of silence. Where the sound decides, it ends where the
    /// sound does, up to a frame before the pictures; else it ends with the pictures.
    /// </summary>
    /// <param name="sourceFrames">Frames of the video, at 25 per second; at least 1.</param>
    public long SampleCount(int sourceFrames)
    {
        var shown = (long)FrameCount(sourceFrames) * SampleRate / FramesPerSecond;
        return Length == LipSyncLength.Video ? shown : Math.Min(Samples, shown);
    }
}

namespace LatentSync.Media;

/// <summary>Which frames of a video to read.</summary>
internal sealed record VideoReadOptions
{
    /// <summary>The frame rate of the models.</summary>
    public static Rational ModelFrameRate { get; } = new(FrameSchedule.FramesPerSecond, 1);

    /// <summary>
    /// The output grid: frame i is the source frame shown at time i / rate, repeated or dropped as needed. Null: every
    /// frame of the source once, whenever it was shown.
    /// </summary>
    public Rational? FrameRate { get; init; } = ModelFrameRate;

    /// <summary>The first frame to return, counted on the output grid.</summary>
    public long StartFrame { get; init; }

    /// <summary>The most frames to return; null for all.</summary>
    public long? FrameLimit { get; init; }
}

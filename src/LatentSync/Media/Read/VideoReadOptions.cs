namespace LatentSync.Media.Read;

/// <summary>Which frames of a video to read.</summary>
internal sealed record VideoReadOptions
{
    /// <summary>
    /// The output grid: frame i is the source frame shown at time i / rate, repeated or dropped as needed. Null: every
    /// frame of the source once, at its own time.
    /// </summary>
    public FrameRate? FrameRate { get; init; } = LatentSync.FrameRate.Model;

    /// <summary>The first frame to return, counted on the output grid, or in the source where there is none.</summary>
    public long StartFrame { get; init; }

    /// <summary>
    /// Without a grid: the time of <see cref="StartFrame"/> in ticks, as an earlier reader from the start has told it.
    /// Reading may then begin with a seek.
    /// </summary>
    public long? StartTicks { get; init; }

    /// <summary>
    /// Without a grid: frames that are shown before this time, in ticks, are left out, and <see cref="StartFrame"/> counts from
    /// the first that is not. Reading may begin with a seek.
    /// </summary>
    public long? FromTicks { get; init; }

    /// <summary>
    /// Whether reading may begin with a seek. Where a file is damaged, what ffmpeg shows of it depends on where it began.
    /// </summary>
    public bool MaySeek { get; init; } = true;

    /// <summary>The most frames to return; null for all.</summary>
    public long? FrameLimit { get; init; }
}

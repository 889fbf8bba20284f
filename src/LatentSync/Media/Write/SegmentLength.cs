using LatentSync.Timeline;

namespace LatentSync.Media.Write;

/// <summary>How long a part of a result's pictures is at least: it ends at the first place after that where it may.</summary>
/// <param name="Ticks">In ticks of the result's clock.</param>
internal readonly record struct SegmentLength(long Ticks)
{
    /// <summary>A duration on a clock.</summary>
    public static SegmentLength Of(TimeSpan duration, FrameClock clock) => new((long)(duration.TotalSeconds * clock.TicksPerSecond));

    /// <summary>Whether a part ends where it may.</summary>
    /// <param name="segmentStart">When its first frame is shown.</param>
    /// <param name="start">When the frame is shown before which it may end.</param>
    public bool IsReached(long segmentStart, long start) => start - segmentStart >= Ticks;
}

using LatentSync.Faces.Tracking;
using LatentSync.Timeline;

namespace LatentSync.Pipeline.Analysis;

/// <summary>Where in a video no face can be painted, and why.</summary>
internal static class FaceGaps
{
    /// <summary>The gaps in their order; frames with different reasons are different gaps.</summary>
    /// <param name="timeline">The plans.</param>
    /// <param name="times">When the frames are shown.</param>
    /// <param name="clock">The clock of these times.</param>
    public static IReadOnlyList<LipSyncFaceGap> Of(WatchedTimeline timeline, FrameTimes times, FrameClock clock)
    {
        var gaps = new List<LipSyncFaceGap>();
        for (var frame = 0; frame < timeline.Planned; )
        {
            var (first, reason) = (frame, Reason(timeline, frame));
            do
            {
                frame++;
            } while (frame < timeline.Planned && Reason(timeline, frame) == reason);

            if (reason is { } why)
            {
                gaps.Add(new LipSyncFaceGap(clock.Time(times[first]), clock.Time(times[frame]), frame - first, why));
            }
        }

        return gaps;
    }

    private static LipSyncGapReason? Reason(WatchedTimeline timeline, int frame) =>
        timeline[frame].Fate switch
        {
            FrameFate.TurnedAway => LipSyncGapReason.TurnedAway,
            FrameFate.NoFace => timeline.HasSmallFace(frame) ? LipSyncGapReason.TooSmall : LipSyncGapReason.Missing,
            _ => null,
        };
}

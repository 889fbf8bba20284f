using LatentSync.FrontEnd.Events;

namespace LatentSync.Cli.Reporting;

/// <summary>Scores for people, as aligned text, and for programs, as one JSON object.</summary>
internal static class ScoreReport
{
    private const int MillisecondsPerFrame = 1000 / FrameSchedule.FramesPerSecond;

    public static void WriteText(LipSyncScore score)
    {
        var rows = new List<(FormattableString Title, FormattableString Text)>
        {
            ($"frames", $"{score.Frames}, {score.FramesWithFace} with a face"),
            ($"lips late by", Offset(score.OffsetFrames)),
            ($"correlation", $"{Number(score.Correlation)} at that offset, {Number(score.CorrelationAtZero)} at 0"),
            ($"confidence", Number(score.Confidence)),
            ($"closed in silence", score.ClosedInSilence is { } closed ? (FormattableString)$"{100 * closed:0} % of the frames" : $"no silence"),
        };
        if (score.SyncNet is { } syncNet)
        {
            rows.AddRange([
                (
                    $"SyncNet",
                    syncNet.Windows > 0 ? (FormattableString)$"{syncNet.Windows} windows of 16 frames" : $"no 16 frames in a row with a face and sound"
                ),
                ($"  lips late by", Offset(syncNet.OffsetFrames)),
                ($"  confidence", Number(syncNet.Confidence)),
                ($"  similarity", $"{Number(syncNet.Similarity)} at 0"),
                ($"  in sync", syncNet.InSync is { } share ? (FormattableString)$"{100 * share:0} % of the windows" : $"unknown"),
            ]);
        }

        TextTable.Write(rows);
    }

    public static void WriteJson(LipSyncScore score) => JsonLines.Write(ScoreEvents.Of(score));

    private static FormattableString Offset(int? frames) =>
        frames is { } offset ? (FormattableString)$"{offset} frames ({MillisecondsPerFrame * offset} ms)" : $"unknown";

    private static FormattableString Number(double? value) => value is { } number ? (FormattableString)$"{number:0.00}" : $"unknown";
}

using System.Text.Json.Nodes;

namespace LatentSync.Cli.Reporting;

/// <summary>Scores for people, as aligned text, and for programs, as one JSON object.</summary>
internal static class ScoreReport
{
    private const int MillisecondsPerFrame = 1000 / FrameSchedule.FramesPerSecond;
    private const int Digits = 4;

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

    public static void WriteJson(LipSyncScore score)
    {
        var line = new JsonObject
        {
            ["frames"] = score.Frames,
            ["frames_with_face"] = score.FramesWithFace,
            ["offset_frames"] = score.OffsetFrames,
            ["correlation"] = score.Correlation,
            ["correlation_at_zero"] = score.CorrelationAtZero,
            ["confidence"] = score.Confidence,
            ["closed_in_silence"] = score.ClosedInSilence,
            ["opening"] = Numbers(score.Opening),
            ["loudness"] = Numbers(score.Loudness),
        };
        if (score.SyncNet is { } syncNet)
        {
            line["syncnet"] = new JsonObject
            {
                ["windows"] = syncNet.Windows,
                ["offset_frames"] = syncNet.OffsetFrames,
                ["confidence"] = syncNet.Confidence,
                ["similarity"] = syncNet.Similarity,
                ["in_sync"] = syncNet.InSync,
                ["distances"] = Numbers(syncNet.Distances),
                ["similarities"] = Numbers(syncNet.Similarities),
            };
        }

        JsonLines.Write(line);
    }

    private static FormattableString Offset(int? frames) =>
        frames is { } offset ? (FormattableString)$"{offset} frames ({MillisecondsPerFrame * offset} ms)" : $"unknown";

    private static FormattableString Number(double? value) => value is { } number ? (FormattableString)$"{number:0.00}" : $"unknown";

    private static JsonArray Numbers(IEnumerable<double> values) =>
        new([.. values.Select(value => double.IsNaN(value) ? null : (JsonNode)Math.Round(value, Digits))]);
}

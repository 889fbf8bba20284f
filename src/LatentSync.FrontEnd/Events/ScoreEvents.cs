using System.Text.Json.Nodes;

namespace LatentSync.FrontEnd.Events;

/// <summary>A score as JSON: the same on the command line and in the worker's protocol.</summary>
internal static class ScoreEvents
{
    private const int Digits = 4;

    /// <summary>The score.</summary>
    public static JsonObject Of(LipSyncScore score)
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

        return line;
    }

    private static JsonArray Numbers(IEnumerable<double> values) =>
        new([.. values.Select(value => double.IsNaN(value) ? null : (JsonNode)Math.Round(value, Digits))]);
}

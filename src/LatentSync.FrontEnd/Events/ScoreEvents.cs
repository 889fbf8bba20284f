using System.Text.Json.Nodes;

namespace LatentSync.FrontEnd.Events;

/// <summary>A score as JSON: the same on the command line and in the worker's protocol.</summary>
internal static class ScoreEvents
{
    private const int Digits = 4;

    /// <summary>The score with shorter curves: the mean of as many frames as it takes.</summary>
    /// <param name="score">The score.</param>
    /// <param name="mostPoints">Of a curve.</param>
    public static JsonObject Short(LipSyncScore score, int mostPoints)
    {
        var line = Of(score);
        var frames = Math.Max(1, (score.Frames + mostPoints - 1) / mostPoints);
        line["seconds_per_point"] = (double)frames / FrameSchedule.FramesPerSecond;
        line["opening"] = Numbers(score.Opening.Chunk(frames).Select(Mean));
        line["loudness"] = Numbers(score.Loudness.Chunk(frames).Select(Mean));
        line["syncnet"]?.AsObject().Remove("distances");
        line["syncnet"]?.AsObject().Remove("similarities");
        return line;
    }

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

    private static double Mean(double[] values) => values.Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average();

    private static JsonArray Numbers(IEnumerable<double> values) =>
        new([.. values.Select(value => double.IsNaN(value) ? null : (JsonNode)Math.Round(value, Digits))]);
}

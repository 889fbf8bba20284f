using System.Text.Json.Nodes;

namespace LatentSync.Cli.Reporting;

/// <summary>Scores for people, as aligned text, and for programs, as one JSON object.</summary>
internal static class ScoreReport
{
    private const int MillisecondsPerFrame = 1000 / FrameSchedule.FramesPerSecond;
    private const int Digits = 4;

    public static void WriteText(LipSyncScore score)
    {
        Console.Out.WriteLine(Invariant($"frames             {score.Frames}, {score.FramesWithFace} with a face"));
        Console.Out.WriteLine($"lips late by       {Offset(score.OffsetFrames)}");
        Console.Out.WriteLine($"correlation        {Number(score.Correlation)} at that offset, {Number(score.CorrelationAtZero)} at 0");
        Console.Out.WriteLine($"confidence         {Number(score.Confidence)}");
        Console.Out.WriteLine($"closed in silence  {(score.ClosedInSilence is { } closed ? Percent(closed, "frames") : "no silence")}");
        if (score.SyncNet is { } syncNet)
        {
            var windows = syncNet.Windows > 0 ? Invariant($"{syncNet.Windows} windows of 16 frames") : "no 16 frames in a row with a face and sound";
            Console.Out.WriteLine($"SyncNet            {windows}");
            Console.Out.WriteLine($"  lips late by     {Offset(syncNet.OffsetFrames)}");
            Console.Out.WriteLine($"  confidence       {Number(syncNet.Confidence)}");
            Console.Out.WriteLine($"  similarity       {Number(syncNet.Similarity)} at 0");
            Console.Out.WriteLine($"  in sync          {(syncNet.InSync is { } share ? Percent(share, "windows") : "unknown")}");
        }
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

    private static string Offset(int? frames) => frames is { } offset ? Invariant($"{offset} frames ({MillisecondsPerFrame * offset} ms)") : "unknown";

    private static string Number(double? value) => value is { } number ? Invariant($"{number:0.00}") : "unknown";

    private static string Percent(double share, string of) => Invariant($"{100 * share:0} % of the {of}");

    private static JsonArray Numbers(IEnumerable<double> values) =>
        new([.. values.Select(value => double.IsNaN(value) ? null : (JsonNode)Math.Round(value, Digits))]);
}

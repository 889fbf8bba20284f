using System.Text.Json;
using System.Text.Json.Nodes;

namespace LatentSync.FrontEnd.Events;

/// <summary>What other programs are told of a job, as JSON: the same on the command line and in the worker's protocol.</summary>
internal static class JobEvents
{
    /// <summary>A progress event.</summary>
    public static JsonObject Progress(LipSyncProgress progress) =>
        new()
        {
            ["event"] = "progress",
            ["stage"] = progress.Stage.ToString().ToLowerInvariant(),
            ["done"] = progress.Done,
            ["total"] = progress.Total,
            ["remaining_seconds"] = progress.Remaining is { } remaining ? Math.Round(remaining.TotalSeconds, 1) : null,
        };

    /// <summary>The event for other programs.</summary>
    public static JsonObject Result(LipSyncResult result) =>
        Result(
            result,
            new()
            {
                ["event"] = "result",
                ["output"] = result.Output,
                ["width"] = result.Width,
                ["height"] = result.Height,
                ["pictures_copied"] = result.PicturesCopied,
            }
        );

    /// <summary>The event of a job without files.</summary>
    public static JsonObject Result(LipSyncFramesResult result) => Result(result, new() { ["event"] = "result", ["samples"] = result.Samples });

    /// <summary>The event of a segment.</summary>
    public static JsonObject Result(LipSyncSegmentResult result) =>
        Result(
            result,
            new()
            {
                ["event"] = "result",
                ["segment"] = result.Segment,
                ["path"] = result.Path,
            }
        );

    /// <summary>Adds what every finished job did.</summary>
    private static JsonObject Result(LipSyncOutcome outcome, JsonObject result)
    {
        result["frames"] = outcome.Frames;
        result["synced_frames"] = outcome.SyncedFrames;
        result["bridged_frames"] = outcome.BridgedFrames;
        result["frames_without_face"] = outcome.FramesWithoutFace;
        result["frames_turned_away"] = outcome.FramesTurnedAway;
        result["quiet_frames"] = outcome.QuietFrames;
        result["scene_cuts"] = outcome.SceneCuts;
        result["peak_device_bytes"] = outcome.PeakDeviceBytes;
        result["elapsed_seconds"] = Seconds(outcome.Elapsed);
        result["seconds"] = Describe(outcome.Times);
        return result;
    }

    private static JsonObject Describe(IReadOnlyDictionary<LipSyncWork, TimeSpan> times) =>
        new(times.Select(time => KeyValuePair.Create(JsonNamingPolicy.SnakeCaseLower.ConvertName(time.Key.ToString()), (JsonNode?)Seconds(time.Value))));

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 2);
}

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
        new()
        {
            ["event"] = "result",
            ["output"] = result.Output,
            ["width"] = result.Width,
            ["height"] = result.Height,
            ["frames"] = result.Frames,
            ["synced_frames"] = result.SyncedFrames,
            ["bridged_frames"] = result.BridgedFrames,
            ["frames_without_face"] = result.FramesWithoutFace,
            ["frames_turned_away"] = result.FramesTurnedAway,
            ["quiet_frames"] = result.QuietFrames,
            ["pictures_copied"] = result.PicturesCopied,
            ["scene_cuts"] = result.SceneCuts,
            ["peak_device_bytes"] = result.PeakDeviceBytes,
            ["elapsed_seconds"] = Seconds(result.Elapsed),
            ["seconds"] = Describe(result.Times),
        };

    /// <summary>The event of a job without files.</summary>
    public static JsonObject Result(LipSyncFramesResult result) =>
        new()
        {
            ["event"] = "result",
            ["frames"] = result.Frames,
            ["samples"] = result.Samples,
            ["synced_frames"] = result.SyncedFrames,
            ["bridged_frames"] = result.BridgedFrames,
            ["frames_without_face"] = result.FramesWithoutFace,
            ["frames_turned_away"] = result.FramesTurnedAway,
            ["quiet_frames"] = result.QuietFrames,
            ["scene_cuts"] = result.SceneCuts,
            ["peak_device_bytes"] = result.PeakDeviceBytes,
            ["elapsed_seconds"] = Seconds(result.Elapsed),
            ["seconds"] = Describe(result.Times),
        };

    /// <summary>The event of a segment.</summary>
    public static JsonObject Result(LipSyncSegmentResult result) =>
        new()
        {
            ["event"] = "result",
            ["segment"] = result.Segment,
            ["path"] = result.Path,
            ["frames"] = result.Frames,
            ["synced_frames"] = result.SyncedFrames,
            ["bridged_frames"] = result.BridgedFrames,
            ["frames_without_face"] = result.FramesWithoutFace,
            ["frames_turned_away"] = result.FramesTurnedAway,
            ["quiet_frames"] = result.QuietFrames,
            ["scene_cuts"] = result.SceneCuts,
            ["peak_device_bytes"] = result.PeakDeviceBytes,
            ["elapsed_seconds"] = Seconds(result.Elapsed),
            ["seconds"] = Describe(result.Times),
        };

    private static JsonObject Describe(IReadOnlyDictionary<LipSyncWork, TimeSpan> times) =>
        new(times.Select(time => KeyValuePair.Create(JsonNamingPolicy.SnakeCaseLower.ConvertName(time.Key.ToString()), (JsonNode?)Seconds(time.Value))));

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 2);
}

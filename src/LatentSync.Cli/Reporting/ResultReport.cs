using System.Text.Json;
using System.Text.Json.Nodes;

namespace LatentSync.Cli.Reporting;

/// <summary>What a job did.</summary>
internal static class ResultReport
{
    public static void Write(LipSyncResult result, bool json)
    {
        if (json)
        {
            JsonLines.Write(Describe(result));
            return;
        }

        var speed = result.Frames / result.Elapsed.TotalSeconds;
        var clock = StageNames.Clock(result.Elapsed);
        Console.Out.WriteLine(
            Invariant($"{result.Output}: {result.Frames} frames, {result.SyncedFrames} lip-synced, in {clock} ({speed:0.0} frames per second)")
        );
        var seconds = result.Times.Select(time => Invariant($"{StageNames.Of(time.Key)} {time.Value.TotalSeconds:0.0}"));
        Console.Out.WriteLine($"Seconds, partly side by side: {string.Join(", ", seconds)}");
        if (result.PeakDeviceBytes is { } bytes)
        {
            Console.Out.WriteLine(Invariant($"Peak memory of the card: {bytes / (double)(1L << 30):0.00} GiB"));
        }

        if (Remarks(result) is { Length: > 0 } remarks)
        {
            Console.Out.WriteLine(remarks);
        }
    }

    /// <summary>The event for other programs.</summary>
    public static JsonObject Describe(LipSyncResult result) =>
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
    public static JsonObject Describe(LipSyncFramesResult result) =>
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

    private static JsonObject Describe(IReadOnlyDictionary<LipSyncWork, TimeSpan> times) =>
        new(times.Select(time => KeyValuePair.Create(JsonNamingPolicy.SnakeCaseLower.ConvertName(time.Key.ToString()), (JsonNode?)Seconds(time.Value))));

    /// <summary>What a user should know about the faces; empty if every frame was painted in one shot.</summary>
    private static string Remarks(LipSyncResult result)
    {
        var remarks = new List<string>();
        Add(result.SceneCuts, "scene cuts");
        Add(result.BridgedFrames, "frames without a face bridged");
        Add(result.FramesWithoutFace, "frames without a usable face left as they are");
        Add(result.FramesTurnedAway, "frames with the face turned away left as they are");
        Add(result.QuietFrames, "frames without speech left as they are");
        return string.Join("; ", remarks);

        void Add(int count, string what)
        {
            if (count > 0)
            {
                remarks.Add(Invariant($"{count} {what}"));
            }
        }
    }

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 2);
}

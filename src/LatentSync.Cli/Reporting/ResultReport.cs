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
            JsonLines.Write(new JsonObject
            {
                ["event"] = "result",
                ["output"] = result.Output,
                ["width"] = result.Width,
                ["height"] = result.Height,
                ["frames"] = result.Frames,
                ["synced_frames"] = result.SyncedFrames,
                ["frames_without_face"] = result.FramesWithoutFace,
                ["elapsed_seconds"] = Seconds(result.Elapsed),
                ["seconds"] = new JsonObject(result.Times.Select(time => KeyValuePair.Create(JsonNamingPolicy.SnakeCaseLower.ConvertName(time.Key.ToString()), (JsonNode?)Seconds(time.Value)))),
            });
            return;
        }

        var speed = result.Frames / result.Elapsed.TotalSeconds;
        Console.Out.WriteLine(Invariant(
            $"{result.Output}: {result.Frames} frames, {result.SyncedFrames} lip-synced, in {StageNames.Clock(result.Elapsed)} ({speed:0.0} frames per second)"));
        Console.Out.WriteLine($"Seconds, partly side by side: {string.Join(", ", result.Times.Select(time => Invariant($"{StageNames.Of(time.Key)} {time.Value.TotalSeconds:0.0}")))}");
        if (result.FramesWithoutFace > 0)
        {
            Console.Out.WriteLine(Invariant($"{result.FramesWithoutFace} frames without a usable face were left as they are."));
        }
    }

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 2);
}

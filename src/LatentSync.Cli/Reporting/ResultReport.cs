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
                ["elapsed_seconds"] = Math.Round(result.Elapsed.TotalSeconds, 2),
            });
            return;
        }

        var speed = result.Frames / result.Elapsed.TotalSeconds;
        Console.Out.WriteLine(Invariant(
            $"{result.Output}: {result.Frames} frames, {result.SyncedFrames} lip-synced, in {StageNames.Clock(result.Elapsed)} ({speed:0.0} frames per second)"));
        if (result.FramesWithoutFace > 0)
        {
            Console.Out.WriteLine(Invariant($"{result.FramesWithoutFace} frames without a usable face were left as they are."));
        }
    }
}

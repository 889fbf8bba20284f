using LatentSync.FrontEnd.Events;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Reporting;

/// <summary>What a job did.</summary>
internal static class ResultReport
{
    public static void Write(LipSyncResult result, bool json)
    {
        if (json)
        {
            JsonLines.Write(JobEvents.Result(result));
            return;
        }

        var speed = result.Frames / result.Elapsed.TotalSeconds;
        var clock = StageNames.Clock(result.Elapsed);
        Console.Out.WriteLine(
            CommandWords.Say($"{result.Output}: {result.Frames} frames, {result.SyncedFrames} lip-synced, in {clock} ({speed:0.0} frames per second)")
        );
        var seconds = result.Times.Select(time => Invariant($"{StageNames.Of(time.Key)} {time.Value.TotalSeconds:0.0}"));
        Console.Out.WriteLine(CommandWords.Say($"Seconds, partly side by side: {string.Join(CommandWords.Say($", "), seconds)}"));
        if (result.PeakDeviceBytes is { } bytes)
        {
            Console.Out.WriteLine(CommandWords.Say($"Peak memory of the card: {bytes / (double)(1L << 30):0.00} GiB"));
        }

        if (Remarks(result) is { Length: > 0 } remarks)
        {
            Console.Out.WriteLine(remarks);
        }
    }

    /// <summary>What a user should know about the faces; empty if every frame was painted in one shot.</summary>
    private static string Remarks(LipSyncResult result)
    {
        var remarks = new List<string>();
        Add(result.SceneCuts, $"{result.SceneCuts} scene cuts");
        Add(result.BridgedFrames, $"{result.BridgedFrames} frames without a face bridged");
        Add(result.FramesWithoutFace, $"{result.FramesWithoutFace} frames without a usable face left as they are");
        Add(result.FramesTurnedAway, $"{result.FramesTurnedAway} frames with the face turned away left as they are");
        Add(result.QuietFrames, $"{result.QuietFrames} frames without speech left as they are");
        return string.Join(CommandWords.Say($"; "), remarks);

        void Add(int count, FormattableString sentence)
        {
            if (count > 0)
            {
                remarks.Add(CommandWords.Say(sentence));
            }
        }
    }
}

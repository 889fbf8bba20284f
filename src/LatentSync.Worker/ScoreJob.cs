using System.Text.Json.Nodes;
using LatentSync.FrontEnd.Events;

namespace LatentSync.Worker;

/// <summary>Measures how well the lips of a video follow its sound; without the curves, which <c>latentsync score</c> has.</summary>
internal sealed class ScoreJob(ScoreMessage message, MessageWriter writer, string? language) : WorkerJob(writer, language)
{
    protected override async Task<JsonObject> RunAsync(CancellationToken cancellationToken)
    {
        var score = ScoreEvents.Of(await LipSyncMeter.MeasureAsync(message.Video, new LipSyncMeterOptions(), progress: null, cancellationToken));
        score.Remove("opening");
        score.Remove("loudness");
        score["event"] = "result";
        return score;
    }
}

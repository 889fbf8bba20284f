using System.Text.Json.Nodes;
using LatentSync.FrontEnd.Events;

namespace LatentSync.Worker;

/// <summary>Measures how well the lips of a video follow its sound; with short curves, of which <c>latentsync score</c> has the whole.</summary>
internal sealed class ScoreJob(ScoreMessage message, MessageWriter writer, string? language) : WorkerJob(writer, language)
{
    // As many as a plot on a page shows; a database keeps them.
    private const int MostPoints = 400;

    protected override async Task<JsonObject> RunAsync(CancellationToken cancellationToken)
    {
        var score = ScoreEvents.Short(await LipSyncMeter.MeasureAsync(message.Video, new LipSyncMeterOptions(), progress: null, cancellationToken), MostPoints);
        score["event"] = "result";
        return score;
    }
}

using System.Text.Json.Nodes;
using LatentSync.Server.Jobs;

namespace LatentSync.Server.Api.Dialects.Replicate;

/// <summary>The webhooks of a prediction, each with the whole prediction: it starts, has new logs, has its output, has ended.</summary>
internal sealed class PredictionMessages(PredictionView view) : IMessageBodies
{
    public string Dialect => ReplicateErrors.Name;

    public IEnumerable<JsonObject> Of(JobChanges changes)
    {
        var (baseUrl, request) = DialectNote.Of(changes.Job);
        var filter = (request["webhook_events_filter"] as JsonArray)?.Select(name => (string?)name).ToHashSet(StringComparer.Ordinal);
        return Happened(changes).Where(name => filter?.Contains(name) != false).Select(_ => view.Of(changes.Job, baseUrl));
    }

    private static IEnumerable<string> Happened(JobChanges changes)
    {
        if (changes.Events.Any(change => change is { Kind: "state", State: JobState.Analysing }))
        {
            yield return "start";
        }

        if (changes.Events.Any(change => change.Kind == "segment"))
        {
            yield return "logs";
        }

        if (changes.IsEnd)
        {
            if (changes.Job.State == JobState.Succeeded)
            {
                yield return "output";
            }

            yield return "completed";
        }
    }
}

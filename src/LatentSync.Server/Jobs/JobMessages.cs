using System.Text.Json;
using System.Text.Json.Nodes;
using LatentSync.Server.Api;
using LatentSync.Server.Api.Views;
using LatentSync.Server.Data;

namespace LatentSync.Server.Jobs;

/// <summary>Puts the webhook of a job that has ended into the same transaction as its end: it is sent if and only if the job ended.</summary>
internal static class JobMessages
{
    /// <summary>Adds the message, if the changes ended a job that wants one.</summary>
    public static void Add(ServerDatabase database, JobChanges changes, TimeProvider time)
    {
        var job = changes.Job;
        if (job.WebhookUrl is { } url && job.State.IsFinal() && changes.Events.Any(change => change.Kind == "state" && change.State.IsFinal()))
        {
            var now = time.GetUtcNow();
            database.Webhooks.Add(
                new WebhookDelivery
                {
                    Id = Ids.Webhook(time),
                    JobId = job.Id,
                    Url = url,
                    Body = Body(job, now).ToJsonString(),
                    CreatedAt = now,
                    NextAt = now,
                }
            );
        }
    }

    private static JsonObject Body(Job job, DateTimeOffset now) =>
        new()
        {
            ["type"] = "job." + Names.Of(job.State),
            ["timestamp"] = now,
            ["data"] = JsonSerializer.SerializeToNode(JobView.Of(job), ApiJson.Options),
        };
}

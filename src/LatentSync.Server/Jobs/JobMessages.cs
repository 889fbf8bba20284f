using System.Text.Json;
using System.Text.Json.Nodes;
using LatentSync.Server.Api;
using LatentSync.Server.Api.Views;
using LatentSync.Server.Data;

namespace LatentSync.Server.Jobs;

/// <summary>Puts the webhooks of a job into the same transaction as the change they tell of: they are sent if and only if it happened.</summary>
internal sealed class JobMessages(IEnumerable<IMessageBodies> dialects, TimeProvider time)
{
    private readonly Dictionary<string, IMessageBodies> _dialects = dialects.ToDictionary(dialect => dialect.Dialect, StringComparer.Ordinal);

    /// <summary>Adds the messages of some changes, if the job wants any.</summary>
    public void Add(JobChanges changes)
    {
        var job = changes.Job;
        if (job.WebhookUrl is not { } url)
        {
            return;
        }

        var now = time.GetUtcNow();
        var bodies = _dialects.TryGetValue(job.Dialect, out var dialect) ? dialect.Of(changes) : Native(changes, now);
        foreach (var body in bodies)
        {
            changes.Add(
                new WebhookDelivery
                {
                    Id = Ids.Webhook(time),
                    JobId = job.Id,
                    Url = url,
                    Body = body.ToJsonString(ApiJson.Options),
                    CreatedAt = now,
                    NextAt = now,
                }
            );
        }
    }

    private static IEnumerable<JsonObject> Native(JobChanges changes, DateTimeOffset now) =>
        changes.IsEnd
            ?
            [
                new JsonObject
                {
                    ["type"] = "job." + Names.Of(changes.Job.State),
                    ["timestamp"] = now,
                    ["data"] = JsonSerializer.SerializeToNode(JobView.Of(changes.Job), ApiJson.Options),
                },
            ]
            : [];
}

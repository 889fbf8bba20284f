using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using LatentSync.Server.Data;
using LatentSync.Server.Jobs;

namespace LatentSync.Server.Api.Dialects.Replicate;

/// <summary>Jobs as clients of Replicate read them.</summary>
internal sealed class PredictionView(ResultLinks links)
{
    public const string Starting = "starting";

    private const int BarLength = 20;

    /// <summary>The view of a job.</summary>
    /// <param name="job">From the database.</param>
    /// <param name="baseUrl">What links begin with.</param>
    public JsonObject Of(Job job, string baseUrl)
    {
        var request = DialectNote.Of(job).Request;
        var path = $"{baseUrl}{ReplicateErrors.Path}/predictions/{job.Id}";
        var view = new JsonObject
        {
            ["id"] = job.Id,
            ["model"] = request["model"]?.DeepClone(),
            ["version"] = request["version"]?.DeepClone(),
            ["input"] = request["input"]?.DeepClone(),
            ["output"] = links.Of(job, baseUrl),
            ["logs"] = Logs(job),
            ["error"] = job.State == JobState.Failed ? job.ErrorMessage : null,
            ["status"] = Status(job.State),
            ["source"] = "api",
            ["data_removed"] = false,
            ["created_at"] = DialectJson.Time(job.CreatedAt),
            ["started_at"] = DialectJson.Time(job.StartedAt),
            ["completed_at"] = DialectJson.Time(job.FinishedAt),
            ["metrics"] = Metrics(job),
            ["urls"] = new JsonObject { ["get"] = path, ["cancel"] = path + "/cancel" },
        };
        if (job.WebhookUrl is { } webhook)
        {
            view["webhook"] = webhook;
            view["webhook_events_filter"] = request["webhook_events_filter"]?.DeepClone();
        }

        return view;
    }

    /// <summary>A state. None is <c>aborted</c>: the client would wait for ever.</summary>
    private static string Status(JobState state) =>
        state switch
        {
            JobState.Uploading or JobState.Queued => Starting,
            JobState.Succeeded => "succeeded",
            JobState.Failed => "failed",
            JobState.Cancelled => "canceled",
            _ => "processing",
        };

    private static JsonObject Metrics(Job job)
    {
        var metrics = new JsonObject();
        if (job.FinishedAt is { } end)
        {
            metrics["total_time"] = (end - job.CreatedAt).TotalSeconds;
            if (job.StartedAt is { } start)
            {
                metrics["predict_time"] = (end - start).TotalSeconds;
            }
        }

        return metrics;
    }

    /// <summary>The seed, and how far it is in the form that the client's parseProgressFromLogs reads.</summary>
    private static string Logs(Job job)
    {
        var logs = new StringBuilder();
        if (JsonNode.Parse(job.Options)?["seed"] is { } seed)
        {
            logs.Append(CultureInfo.InvariantCulture, $"Using seed: {seed.ToJsonString()}\n");
        }

        if (job.Segments > 0)
        {
            var (percent, bar) = (100 * job.SegmentsDone / job.Segments, new string('#', BarLength * job.SegmentsDone / job.Segments).PadRight(BarLength));
            logs.Append(CultureInfo.InvariantCulture, $"{percent}%|{bar}| {job.SegmentsDone}/{job.Segments} segments\n");
        }

        if (job.State == JobState.Failed)
        {
            logs.Append(job.ErrorMessage).Append('\n');
        }

        return logs.ToString();
    }
}

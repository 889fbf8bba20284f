using System.Text.Json.Nodes;
using LatentSync.Server.Data;
using LatentSync.Server.Jobs;

namespace LatentSync.Server.Api.Dialects.SyncSo;

/// <summary>Jobs as clients of sync.so read them.</summary>
internal sealed class GenerationView(ResultLinks links)
{
    public const string Pending = "PENDING";
    public const string Processing = "PROCESSING";
    public const string Completed = "COMPLETED";
    public const string Failed = "FAILED";

    /// <summary>The states by the names that clients filter with. Nothing is ever REJECTED here.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<JobState>> States { get; } =
        new Dictionary<string, IReadOnlyList<JobState>>(StringComparer.Ordinal)
        {
            [Pending] = [JobState.Uploading, JobState.Queued],
            [Processing] = [JobState.Analysing, JobState.Generating, JobState.Joining],
            [Completed] = [JobState.Succeeded],
            [Failed] = [JobState.Failed, JobState.Cancelled],
            ["REJECTED"] = [],
        };

    /// <summary>The view of a job.</summary>
    /// <param name="job">From the database.</param>
    /// <param name="baseUrl">What links begin with.</param>
    public JsonObject Of(Job job, string baseUrl)
    {
        var request = DialectNote.Of(job).Request;
        var view = new JsonObject
        {
            ["id"] = job.Id,
            ["createdAt"] = DialectJson.Time(job.CreatedAt),
            ["status"] = States.First(state => state.Value.Contains(job.State)).Key,
            ["model"] = request["model"]?.DeepClone(),
            ["input"] = request["input"]?.DeepClone(),
        };
        Add(view, "options", request["options"]?.DeepClone());
        Add(view, "webhookUrl", job.WebhookUrl);
        if (links.Of(job, baseUrl, (string?)request["outputFileName"]) is { } link)
        {
            view["outputUrl"] = link;
            Add(view, "outputDuration", JobFacts.Seconds(job));
        }

        if (JobFacts.Error(job) is { } error)
        {
            (view["error"], view["error_code"]) = (error.Message, error.Code);
        }

        return view;
    }

    private static void Add(JsonObject view, string name, JsonNode? value)
    {
        if (value is not null)
        {
            view[name] = value;
        }
    }
}

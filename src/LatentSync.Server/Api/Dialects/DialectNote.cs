using System.Text.Json.Nodes;
using LatentSync.Server.Data;

namespace LatentSync.Server.Api.Dialects;

/// <summary>What a dialect has to say about a job again later; it is kept where submitters keep their metadata.</summary>
/// <param name="BaseUrl">The address that the client reaches this server by; links in webhooks begin with it.</param>
/// <param name="Request">What the client asked for, in its own words; files are named, not held.</param>
internal sealed record DialectNote(string BaseUrl, JsonObject Request)
{
    private const string BaseUrlName = "base_url";
    private const string RequestName = "request";

    /// <summary>The note of a job.</summary>
    public static DialectNote Of(Job job)
    {
        var metadata = JsonNode.Parse(job.Metadata ?? "{}")!.AsObject();
        return new DialectNote((string?)metadata[BaseUrlName] ?? string.Empty, JsonNode.Parse((string?)metadata[RequestName] ?? "{}")!.AsObject());
    }

    /// <summary>As metadata, which are texts.</summary>
    public JsonObject ToMetadata() => new() { [BaseUrlName] = BaseUrl, [RequestName] = Request.ToJsonString(ApiJson.Options) };
}

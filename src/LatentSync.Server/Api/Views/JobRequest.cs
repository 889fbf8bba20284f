using System.ComponentModel;
using System.Text.Json.Nodes;

namespace LatentSync.Server.Api.Views;

/// <summary>What a client sends to submit a job or an analysis.</summary>
internal sealed record JobRequest
{
    [Description("Id of the upload with the video or picture, or an https address where the server allows them.")]
    public required string Video { get; init; }

    [Description("Id of the upload with the sound, or an https address where the server allows them.")]
    public required string Audio { get; init; }

    [Description("Options of latentsync sync by their names, with underscores; and model.")]
    public JsonObject? Options { get; init; }

    [Description("Read back with the job: a flat object of texts, at most 4 KiB.")]
    public JsonObject? Metadata { get; init; }

    [Description("Called when the job ends, as Standard Webhooks describes it.")]
    public string? Webhook { get; init; }

    [Description("Container of the result: mp4, mov or mkv.")]
    public string? Container { get; init; }
}

using System.ComponentModel;
using System.Text.Json.Nodes;
using LatentSync.Server.Data;
using LatentSync.Server.Jobs;

namespace LatentSync.Server.Api.Views;

/// <summary>A job as clients of the native interface read it.</summary>
internal sealed record JobView
{
    [Description("job_ and 32 hexadecimal digits; later jobs sort after earlier ones.")]
    public required string Id { get; init; }

    [Description("job, or analysis: one that ends when the faces are found.")]
    public required string Kind { get; init; }

    [Description("uploading, queued, analysing, generating, joining, succeeded, failed or cancelled.")]
    public required string State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    [Description("When the result and the inputs are deleted.")]
    public DateTimeOffset? ExpiresAt { get; init; }

    [Description("1, and one more for each retry.")]
    public required int Attempt { get; init; }

    [Description("Id of the upload with the video.")]
    public required string Video { get; init; }

    [Description("Id of the upload with the sound.")]
    public required string Audio { get; init; }

    public required JsonNode Options { get; init; }

    public JsonNode? Metadata { get; init; }

    [Description("How many jobs come before it; null if it does not wait.")]
    public int? Position { get; init; }

    public required SegmentsView Segments { get; init; }

    [Description("What was found in the inputs: faces, spans without one, length, size.")]
    public JsonNode? Analysis { get; init; }

    public ResultView? Result { get; init; }

    [Description("How well the lips of the result follow the sound.")]
    public JsonNode? Score { get; init; }

    public ErrorView? Error { get; init; }

    public required LinksView Links { get; init; }

    /// <summary>The view of a job.</summary>
    /// <param name="job">From the database.</param>
    /// <param name="position">Jobs before it in the queue; null if it does not wait.</param>
    public static JobView Of(Job job, int? position = null)
    {
        var path = "/v1/jobs/" + job.Id;
        return new JobView
        {
            Id = job.Id,
            Kind = job.IsAnalysis ? "analysis" : "job",
            State = Names.Of(job.State),
            CreatedAt = job.CreatedAt,
            StartedAt = job.StartedAt,
            FinishedAt = job.FinishedAt,
            ExpiresAt = job.ExpiresAt,
            Attempt = job.Attempt,
            Video = job.VideoId,
            Audio = job.AudioId,
            Options = JsonNode.Parse(job.Options)!,
            Metadata = job.Metadata is null ? null : JsonNode.Parse(job.Metadata),
            Position = position,
            Segments = new SegmentsView(job.SegmentsDone, job.Segments),
            Analysis = job.Analysis is null ? null : JsonNode.Parse(job.Analysis),
            Result = job is { State: JobState.Succeeded, Result: { } details }
                ? new ResultView(path + "/result", job.ResultBytes ?? 0, job.ResultDigest ?? string.Empty, JsonNode.Parse(details)!)
                : null,
            Score = job.Score is null ? null : JsonNode.Parse(job.Score),
            Error = job.ErrorKind is { } kind ? new ErrorView(kind, job.ErrorMessage ?? string.Empty) : null,
            Links = new LinksView(path, path + "/events", path + "/preview.png"),
        };
    }
}

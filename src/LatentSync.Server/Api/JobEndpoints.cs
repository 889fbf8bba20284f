using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LatentSync.Server.Api.Views;
using LatentSync.Server.Data;
using LatentSync.Server.Jobs;
using LatentSync.Server.Media;
using LatentSync.Server.Security;
using LatentSync.Server.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Api;

/// <summary>Jobs and analyses of the native interface.</summary>
internal static class JobEndpoints
{
    private const int DefaultPage = 50;
    private const int LongestPage = 200;
    private const int LongestMetadata = 4096;

    private static readonly Dictionary<string, string> ContentTypes = new(StringComparer.Ordinal)
    {
        [".mp4"] = "video/mp4",
        [".mov"] = "video/quicktime",
        [".mkv"] = "video/x-matroska",
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/v1/jobs").WithTags("Jobs");
        jobs.MapPost("", SubmitAsync).WithSummary("Submit a job.").Produces<JobView>(StatusCodes.Status201Created).RequireAuthorization(Scopes.Submit);
        jobs.MapGet("", ListAsync).WithSummary("Your jobs, newest first.").RequireAuthorization(Scopes.Read);
        jobs.MapGet("/{id}", GetAsync).WithSummary("A job.").RequireAuthorization(Scopes.Read);
        jobs.MapPost("/{id}/cancel", CancelAsync).WithSummary("Stop a job.").RequireAuthorization(Scopes.Submit);
        jobs.MapPost("/{id}/retry", RetryAsync).WithSummary("Resume a failed or cancelled job where it stopped.").RequireAuthorization(Scopes.Submit);
        jobs.MapDelete("/{id}", DeleteAsync)
            .WithSummary("Delete a job with its files; it is stopped first.")
            .Produces(StatusCodes.Status204NoContent)
            .RequireAuthorization(Scopes.Submit);
        jobs.MapGet("/{id}/events", (Delegate)JobEventStream.SendAsync)
            .WithSummary("What happens to a job, as server-sent events; Last-Event-ID resumes.")
            .Produces(StatusCodes.Status200OK, contentType: "text/event-stream")
            .RequireAuthorization(Scopes.Read);
        jobs.MapGet("/{id}/result", ResultAsync)
            .WithSummary("The result; takes ranges.")
            .Produces(StatusCodes.Status200OK, contentType: "video/mp4")
            .RequireAuthorization(Scopes.Read);
        jobs.MapGet("/{id}/preview.png", PreviewAsync)
            .WithSummary("The newest small picture.")
            .Produces(StatusCodes.Status200OK, contentType: "image/png")
            .RequireAuthorization(Scopes.Read);
        jobs.MapGet("/{id}/faces/{picture:int}.png", FaceAsync)
            .WithSummary("A face that the analysis found, by the number in its face_pictures.")
            .Produces(StatusCodes.Status200OK, contentType: "image/png")
            .RequireAuthorization(Scopes.Read);
        jobs.MapGet("/{id}/score", ScoreAsync).WithSummary("How well the lips of the result follow the sound.").RequireAuthorization(Scopes.Read);
        routes
            .MapPost("/v1/analyses", AnalyseAsync)
            .WithTags("Jobs")
            .WithSummary("Find the faces of a video and say what a job would do, without generating anything.")
            .Produces<JobView>(StatusCodes.Status201Created)
            .RequireAuthorization(Scopes.Submit);
    }

    /// <summary>Sends the file of a job's result: ranges, and an ETag that is its digest.</summary>
    public static IResult Send(Job job, MediaFiles files, bool isDownload = false)
    {
        if (job.State != JobState.Succeeded || job.ResultDigest is null)
        {
            throw new RequestException(409, "not_ready", $"The job \"{job.Id}\" is {Names.Of(job.State)}; its result is there when it has succeeded.");
        }

        return files.SendResult(job, ContentTypes[job.Container], isDownload ? job.Id + job.Container : null);
    }

    private static Task<IResult> SubmitAsync(
        JobRequest request,
        HttpContext context,
        JobService jobs,
        IOptions<ServerSettings> settings,
        CancellationToken cancellationToken
    ) => AcceptAsync(request, isAnalysis: false, context, jobs, settings.Value, cancellationToken);

    private static Task<IResult> AnalyseAsync(
        JobRequest request,
        HttpContext context,
        JobService jobs,
        IOptions<ServerSettings> settings,
        CancellationToken cancellationToken
    ) => AcceptAsync(request, isAnalysis: true, context, jobs, settings.Value, cancellationToken);

    private static async Task<IResult> AcceptAsync(
        JobRequest request,
        bool isAnalysis,
        HttpContext context,
        JobService jobs,
        ServerSettings settings,
        CancellationToken cancellationToken
    )
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Options);
        var submission = new JobSubmission
        {
            Owner = context.Owner(),
            Video = InputAddress.Checked(request.Video, settings),
            Audio = InputAddress.Checked(request.Audio, settings),
            Options = request.Options ?? [],
            Metadata = CheckedMetadata(request.Metadata),
            WebhookUrl = InputAddress.CheckedWebhook(request.Webhook, settings),
            Container = CheckedContainer(request.Container),
            IsAnalysis = isAnalysis,
            IdempotencyKey = IdempotencyKey.Read(context.Request),
            BodyDigest = IdempotencyKey.Digest(context.Request, body),
        };
        var (job, isReplay) = await jobs.SubmitAsync(submission, cancellationToken);
        IdempotencyKey.Tell(context.Response, isReplay);
        return Results.Created($"/v1/jobs/{job.Id}", JobView.Of(job));
    }

    private static async Task<JobPage> ListAsync(
        HttpContext context,
        JobService jobs,
        string? cursor,
        string? state,
        int? limit,
        CancellationToken cancellationToken
    )
    {
        var wanted = state is null
            ? (JobState?)null
            : Names.Parse<JobState>(state)
                ?? throw new RequestException(
                    400,
                    "invalid_request",
                    $"\"{state}\" is no state; there are {string.Join(", ", Enum.GetValues<JobState>().Select(Names.Of))}."
                );
        var count = Math.Clamp(limit ?? DefaultPage, 1, LongestPage);
        var filter = new JobFilter(context.Owner(), Dialect: null, count + 1) { States = wanted is { } only ? [only] : null, After = cursor };
        var found = await jobs.ListAsync(filter, cancellationToken);
        var page = found.Take(count).ToList();
        return new JobPage(page.ConvertAll(job => JobView.Of(job)), found.Count > count ? page[^1].Id : null);
    }

    private static async Task<JobView> GetAsync(HttpContext context, string id, JobService jobs, CancellationToken cancellationToken)
    {
        var job = await jobs.FindAsync(context.Owner(), id, cancellationToken);
        return JobView.Of(job, await jobs.PositionAsync(job, cancellationToken));
    }

    private static async Task<JobView> CancelAsync(HttpContext context, string id, JobService jobs, AuditLog audit, CancellationToken cancellationToken)
    {
        var job = await jobs.CancelAsync(context.Owner(), id, cancellationToken);
        await audit.WriteAsync(context, "job.cancel", id);
        return JobView.Of(job);
    }

    private static async Task<JobView> RetryAsync(HttpContext context, string id, JobService jobs, AuditLog audit, CancellationToken cancellationToken)
    {
        var job = await jobs.RetryAsync(context.Owner(), id, cancellationToken);
        await audit.WriteAsync(context, "job.retry", id);
        return JobView.Of(job);
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, string id, JobService jobs, AuditLog audit, CancellationToken cancellationToken)
    {
        await jobs.DeleteAsync(context.Owner(), id, cancellationToken);
        await audit.WriteAsync(context, "job.delete", id);
        return Results.NoContent();
    }

    private static async Task<IResult> ResultAsync(
        HttpContext context,
        string id,
        bool? download,
        JobService jobs,
        MediaFiles files,
        CancellationToken cancellationToken
    ) => Send(await jobs.FindAsync(context.Owner(), id, cancellationToken), files, download ?? false);

    private static async Task<IResult> PreviewAsync(HttpContext context, string id, JobService jobs, MediaFiles files, CancellationToken cancellationToken)
    {
        var job = await jobs.FindAsync(context.Owner(), id, cancellationToken);
        context.Response.Headers.CacheControl = "no-cache";
        return await files.SendPreviewAsync(job, cancellationToken)
            ?? throw new RequestException(404, "not_ready", $"The job \"{id}\" has no picture yet; it comes with the first frames.");
    }

    private static async Task<IResult> FaceAsync(
        HttpContext context,
        string id,
        int picture,
        JobService jobs,
        MediaFiles files,
        CancellationToken cancellationToken
    )
    {
        var job = await jobs.FindAsync(context.Owner(), id, cancellationToken);
        return await files.SendFaceAsync(job, picture, cancellationToken)
            ?? throw new RequestException(404, "not_found", Invariant($"The analysis of \"{id}\" has no face picture {picture}."));
    }

    private static async Task<JsonNode> ScoreAsync(HttpContext context, string id, JobService jobs, CancellationToken cancellationToken)
    {
        var job = await jobs.FindAsync(context.Owner(), id, cancellationToken);
        return job.Score is { } score
            ? JsonNode.Parse(score)!
            : throw new RequestException(404, "not_ready", $"The job \"{id}\" has no score yet; it is measured after the job has succeeded.");
    }

    private static JsonObject? CheckedMetadata(JsonObject? metadata)
    {
        if (metadata is null)
        {
            return null;
        }

        return
            metadata.All(entry => entry.Value?.GetValueKind() is JsonValueKind.String) && Encoding.UTF8.GetByteCount(metadata.ToJsonString()) <= LongestMetadata
            ? metadata
            : throw new RequestException(
                422,
                "invalid_request",
                Invariant($"The metadata is to be a flat object of texts with at most {LongestMetadata} bytes.")
            );
    }

    private static string CheckedContainer(string? container)
    {
        var extension = "." + (container ?? "mp4");
        return ContentTypes.ContainsKey(extension)
            ? extension
            : throw new RequestException(422, "invalid_options", $"\"{container}\" is no container of results; there are mp4, mov and mkv.");
    }
}

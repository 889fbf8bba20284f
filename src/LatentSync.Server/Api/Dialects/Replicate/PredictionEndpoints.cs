using System.Text.Json.Nodes;
using LatentSync.Server.Api.Dialects.Requests;
using LatentSync.Server.Data;
using LatentSync.Server.Jobs;
using LatentSync.Server.Security;
using LatentSync.Server.Settings;
using LatentSync.Server.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Api.Dialects.Replicate;

/// <summary>Predictions of Replicate.</summary>
internal static class PredictionEndpoints
{
    private const int PageLength = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var v1 = routes.MapGroup(ReplicateErrors.Path).ExcludeFromDescription();
        v1.MapPost("/predictions", CreateAsync).RequireAuthorization(Scopes.Submit);
        v1.MapPost("/models/{owner}/{name}/predictions", CreateAsync).RequireAuthorization(Scopes.Submit);
        v1.MapGet("/predictions", ListAsync).RequireAuthorization(Scopes.Read);
        v1.MapGet("/predictions/{id}", GetAsync).RequireAuthorization(Scopes.Read);
        v1.MapPost("/predictions/{id}/cancel", CancelAsync).RequireAuthorization(Scopes.Submit);

        // One secret signs the webhooks of all keys.
        v1.MapGet("/webhooks/default/secret", (WebhookSecret secret) => DialectJson.Answer(new JsonObject { ["key"] = secret.Value }))
            .RequireAuthorization(Scopes.Admin);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context,
        MediaInputs media,
        DialectJobs jobs,
        PredictionView view,
        PublicAddress address,
        IOptions<ServerSettings> settings,
        CancellationToken cancellationToken
    )
    {
        var wait = WaitPreference.Read(context.Request);
        var (body, digest) = await DialectJson.ReadAsync(context.Request, MediaInputs.LongestDataBody, cancellationToken);
        var model = context.Request.RouteValues["owner"] is string owner ? $"{owner}/{context.Request.RouteValues["name"]}" : null;
        var request = PredictionRequest.Read(body, model);
        var baseUrl = address.Of(context.Request);
        var stored = new List<string>();
        try
        {
            var video = await media.ResolveAsync(context, request.Video, "input.video", stored, cancellationToken);
            var audio = await media.ResolveAsync(context, request.Audio, "input.audio", stored, cancellationToken);
            var input = body["input"]!.DeepClone();
            (input["video"], input["audio"]) = (MediaInputs.Shown(request.Video, video), MediaInputs.Shown(request.Audio, audio));
            var shown = new JsonObject
            {
                ["model"] = request.Model,
                ["version"] = request.Version,
                ["input"] = input,
                ["webhook_events_filter"] = request.EventsFilter?.DeepClone(),
            };
            var submission = new JobSubmission
            {
                Owner = context.Owner(),
                Dialect = ReplicateErrors.Name,
                Video = video,
                Audio = audio,
                Options = request.Options,
                Metadata = new DialectNote(baseUrl, shown).ToMetadata(),
                WebhookUrl = InputAddress.CheckedWebhook(request.Webhook, settings.Value),
                IdempotencyKey = IdempotencyKey.Read(context.Request),
                BodyDigest = IdempotencyKey.Digest(context.Request, digest),
            };
            var (job, isReplay) = await jobs.SubmitAsync(submission, stored, cancellationToken);
            IdempotencyKey.Tell(context.Response, isReplay);
            stored.Clear();
            return DialectJson.Answer(await CreatedAsync(context, job, wait, jobs, view, baseUrl, cancellationToken), StatusCodes.Status201Created);
        }
        catch
        {
            await jobs.DiscardAsync(context.Owner(), stored);
            throw;
        }
    }

    private static async Task<JsonObject> CreatedAsync(
        HttpContext context,
        Job job,
        TimeSpan? wait,
        DialectJobs jobs,
        PredictionView view,
        string baseUrl,
        CancellationToken cancellationToken
    )
    {
        // Who may not read gets no link to the result.
        var mayRead = context.User.HasClaim(KeyAuthentication.ScopeClaim, Scopes.Read);
        var seen = wait is { } longest && mayRead ? await jobs.WaitAsync(job, longest, cancellationToken) : job;
        var prediction = view.Of(seen, baseUrl);
        if (!seen.State.IsFinal())
        {
            // The client takes any other state for the end of its waiting.
            prediction["status"] = PredictionView.Starting;
        }
        else if (!mayRead)
        {
            prediction["output"] = null;
        }

        return prediction;
    }

    private static async Task<IResult> GetAsync(
        HttpContext context,
        string id,
        DialectJobs jobs,
        PredictionView view,
        PublicAddress address,
        CancellationToken cancellationToken
    ) => DialectJson.Answer(view.Of(await jobs.FindAsync(context.Owner(), ReplicateErrors.Name, id, cancellationToken), address.Of(context.Request)));

    private static async Task<IResult> CancelAsync(
        HttpContext context,
        string id,
        DialectJobs jobs,
        JobService service,
        AuditLog audit,
        PredictionView view,
        PublicAddress address,
        CancellationToken cancellationToken
    )
    {
        await jobs.FindAsync(context.Owner(), ReplicateErrors.Name, id, cancellationToken);
        var job = await service.CancelAsync(context.Owner(), id, cancellationToken);
        await audit.WriteAsync(context, "job.cancel", id);
        return DialectJson.Answer(view.Of(job, address.Of(context.Request)));
    }

    private static async Task<IResult> ListAsync(
        HttpContext context,
        string? cursor,
        JobService service,
        PredictionView view,
        PublicAddress address,
        CancellationToken cancellationToken
    )
    {
        QueryFields.RequireOnly(context.Request, "cursor");
        var filter = new JobFilter(context.Owner(), ReplicateErrors.Name, PageLength + 1) { After = cursor };
        var found = await service.ListAsync(filter, cancellationToken);
        var baseUrl = address.Of(context.Request);
        return DialectJson.Answer(
            new JsonObject
            {
                ["previous"] = null,
                ["next"] = found.Count > PageLength ? $"{baseUrl}{ReplicateErrors.Path}/predictions?cursor={found[PageLength - 1].Id}" : null,
                ["results"] = new JsonArray([.. found.Take(PageLength).Select(job => view.Of(job, baseUrl))]),
            }
        );
    }
}

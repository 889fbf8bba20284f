using System.Text.Json.Nodes;
using LatentSync.Server.Api.Dialects.Requests;
using LatentSync.Server.Jobs;
using LatentSync.Server.Media;
using LatentSync.Server.Security;
using LatentSync.Server.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LatentSync.Server.Api.Dialects.OpenAi;

/// <summary>Videos of OpenAI.</summary>
internal static class VideoEndpoints
{
    private const int DefaultPage = 20;
    private const int LongestPage = 100;

    private static readonly string[] FileNames = [VideoRequest.Video, VideoRequest.Audio];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var videos = routes.MapGroup(OpenAiErrors.Path + "/videos").ExcludeFromDescription();
        videos.MapPost("", CreateAsync).RequireAuthorization(Scopes.Submit);
        videos.MapGet("", ListAsync).RequireAuthorization(Scopes.Read);
        videos.MapGet("/{id}", GetAsync).RequireAuthorization(Scopes.Read);
        videos.MapDelete("/{id}", DeleteAsync).RequireAuthorization(Scopes.Submit);
        videos.MapGet("/{id}/content", ContentAsync).RequireAuthorization(Scopes.Read);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context,
        MediaInputs media,
        UploadService uploads,
        DialectJobs jobs,
        PublicAddress address,
        CancellationToken cancellationToken
    )
    {
        var owner = context.Owner();
        var form = await RequestForm.ReadAsync(context, uploads, owner, FileNames, cancellationToken);
        var stored = new List<string>(form.UploadIds);
        try
        {
            var request = VideoRequest.Read(form.Texts);
            var submission = new JobSubmission
            {
                Owner = owner,
                Dialect = OpenAiErrors.Name,
                Video = await InputAsync(VideoRequest.Video, "the video or picture"),
                Audio = await InputAsync(VideoRequest.Audio, "the sound"),
                Options = request.Options,
                Metadata = new DialectNote(address.Of(context.Request), new JsonObject { ["model"] = request.Model }).ToMetadata(),
                IdempotencyKey = IdempotencyKey.Read(context.Request),
                BodyDigest = IdempotencyKey.Digest(context.Request, form.Digest),
            };
            var (job, isReplay) = await jobs.SubmitAsync(submission, stored, cancellationToken);
            IdempotencyKey.Tell(context.Response, isReplay);
            return DialectJson.Answer(VideoView.Of(job));

            async Task<string> InputAsync(string name, string what)
            {
                var file = form.Files.GetValueOrDefault(name);
                if (request.Inputs.TryGetValue(name, out var named))
                {
                    return file is null
                        ? await media.ResolveAsync(context, named.Text, named.Field, stored, cancellationToken)
                        : throw new RequestException(422, "invalid_request", $"\"{name}\" came as a file and by name; send one of them.") { Field = name };
                }

                return file?.UploadId ?? throw new RequestException(422, "invalid_request", $"\"{name}\" is missing: {what} as a file.") { Field = name };
            }
        }
        catch
        {
            await jobs.DiscardAsync(owner, stored);
            throw;
        }
    }

    private static async Task<IResult> GetAsync(HttpContext context, string id, DialectJobs jobs, CancellationToken cancellationToken) =>
        DialectJson.Answer(VideoView.Of(await jobs.FindAsync(context.Owner(), OpenAiErrors.Name, id, cancellationToken)));

    private static async Task<IResult> ListAsync(
        HttpContext context,
        string? after,
        string? limit,
        string? order,
        JobService service,
        CancellationToken cancellationToken
    )
    {
        QueryFields.RequireOnly(context.Request, "after", "limit", "order");
        if (order is not (null or "asc" or "desc"))
        {
            throw new RequestException(422, "invalid_request", "\"order\" is to be asc or desc.") { Field = "order" };
        }

        var count = QueryFields.Count(limit, "limit", DefaultPage, LongestPage);
        var filter = new JobFilter(context.Owner(), OpenAiErrors.Name, count + 1) { After = after, IsAscending = order == "asc" };
        var found = await service.ListAsync(filter, cancellationToken);
        var page = found.Take(count).ToList();
        return DialectJson.Answer(
            new JsonObject
            {
                ["object"] = "list",
                ["data"] = new JsonArray([.. page.Select(VideoView.Of)]),
                ["first_id"] = page.Count > 0 ? page[0].Id : null,
                ["last_id"] = page.Count > 0 ? page[^1].Id : null,
                ["has_more"] = found.Count > count,
            }
        );
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext context,
        string id,
        DialectJobs jobs,
        JobService service,
        AuditLog audit,
        CancellationToken cancellationToken
    )
    {
        await jobs.FindAsync(context.Owner(), OpenAiErrors.Name, id, cancellationToken);
        await service.DeleteAsync(context.Owner(), id, cancellationToken);
        await audit.WriteAsync(context, "job.delete", id);
        return DialectJson.Answer(
            new JsonObject
            {
                ["id"] = id,
                ["object"] = "video.deleted",
                ["deleted"] = true,
            }
        );
    }

    private static async Task<IResult> ContentAsync(
        HttpContext context,
        string id,
        string? variant,
        DialectJobs jobs,
        MediaFiles files,
        CancellationToken cancellationToken
    )
    {
        QueryFields.RequireOnly(context.Request, "variant");
        var job = await jobs.FindAsync(context.Owner(), OpenAiErrors.Name, id, cancellationToken);
        return variant switch
        {
            null or "video" => JobEndpoints.Send(job, files),
            "thumbnail" => await files.SendPreviewAsync(job, cancellationToken)
                ?? throw new RequestException(404, "not_ready", $"The video \"{id}\" has no picture yet; it comes with the first frames.")
                {
                    Field = "variant",
                },
            _ => throw new RequestException(422, "invalid_request", "\"variant\" is to be video or thumbnail.") { Field = "variant" },
        };
    }
}

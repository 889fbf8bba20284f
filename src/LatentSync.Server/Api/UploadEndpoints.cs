using System.Globalization;
using LatentSync.Server.Api.Views;
using LatentSync.Server.Jobs;
using LatentSync.Server.Security;
using LatentSync.Server.Settings;
using LatentSync.Server.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Api;

/// <summary>Uploads: resumable by tus 1.0, or a file in one piece by PUT.</summary>
internal static class UploadEndpoints
{
    private const string Path = "/v1/uploads";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var uploads = routes.MapGroup(Path).WithTags("Uploads").RequireAuthorization(Scopes.Submit);
        uploads.MapMethods("", [HttpMethods.Options], Discover).WithSummary("Which parts of tus there are.").AllowAnonymous();
        uploads.MapPost("", CreateAsync).WithSummary("Begin a resumable upload (tus 1.0).").Produces(StatusCodes.Status201Created);
        uploads
            .MapPut("", PutAsync)
            .WithSummary("Upload a file in one piece; name it by ?name=.")
            .Accepts<Stream>("application/octet-stream", "*/*")
            .Produces<UploadView>(StatusCodes.Status201Created);
        uploads.MapGet("/{id}", GetAsync).WithSummary("How far an upload is.");
        uploads.MapMethods("/{id}", [HttpMethods.Head], HeadAsync).WithSummary("How far an upload is (tus).").ExcludeFromDescription();
        uploads.MapMethods("/{id}", [HttpMethods.Patch], PatchAsync).WithSummary("Continue an upload (tus).").Produces(StatusCodes.Status204NoContent);
        uploads.MapDelete("/{id}", DeleteAsync).WithSummary("Delete an upload that no job needs.").Produces(StatusCodes.Status204NoContent);
    }

    private static IResult Discover(HttpResponse response, IOptions<ServerSettings> settings)
    {
        response.Headers[TusHeaders.Resumable] = TusHeaders.Version;
        response.Headers["Tus-Version"] = TusHeaders.Version;
        response.Headers["Tus-Extension"] = TusHeaders.Extensions;
        response.Headers["Tus-Max-Size"] = settings.Value.MaxUploadBytes.ToString(CultureInfo.InvariantCulture);
        return Results.NoContent();
    }

    private static async Task<IResult> CreateAsync(HttpContext context, UploadService uploads, CancellationToken cancellationToken)
    {
        RequireTus(context);
        var length = TusHeaders.Count(context.Request, TusHeaders.Length);
        if (length is null)
        {
            throw new RequestException(400, "invalid_request", "Upload-Length is missing; say how many bytes the file has.");
        }

        var upload = await uploads.CreateAsync(context.Owner(), TusHeaders.FileName(context.Request), length, cancellationToken);
        context.Response.Headers.Location = $"{Path}/{upload.Id}";
        long received = 0;
        if (context.Request.ContentType == TusHeaders.ContentType)
        {
            AllowLongBody(context);
            received = await uploads.AppendAsync(upload, 0, context.Request.Body, isWhole: false, cancellationToken);
        }

        Answer(context, received, upload.ExpiresAt);
        return Results.StatusCode(StatusCodes.Status201Created);
    }

    private static async Task<IResult> PutAsync(HttpContext context, UploadService uploads, string? name, CancellationToken cancellationToken)
    {
        AllowLongBody(context);
        var upload = await uploads.CreateAsync(context.Owner(), name, context.Request.ContentLength, cancellationToken);
        try
        {
            await uploads.AppendAsync(upload, 0, context.Request.Body, isWhole: true, cancellationToken);
        }
        catch
        {
            // It cannot be continued: the client has no id yet.
            await uploads.DeleteAsync(context.Owner(), upload.Id, CancellationToken.None);
            throw;
        }

        var (whole, received) = await uploads.FindAsync(context.Owner(), upload.Id, cancellationToken);
        return Results.Created($"{Path}/{whole.Id}", UploadView.Of(whole, received));
    }

    private static async Task<UploadView> GetAsync(HttpContext context, string id, UploadService uploads, CancellationToken cancellationToken)
    {
        var (upload, received) = await uploads.FindAsync(context.Owner(), id, cancellationToken);
        return UploadView.Of(upload, received);
    }

    private static async Task<IResult> HeadAsync(HttpContext context, string id, UploadService uploads, CancellationToken cancellationToken)
    {
        var (upload, received) = await uploads.FindAsync(context.Owner(), id, cancellationToken);
        Answer(context, received, upload.ExpiresAt);
        context.Response.Headers.CacheControl = "no-store";
        if (upload.Length is { } length)
        {
            context.Response.Headers[TusHeaders.Length] = length.ToString(CultureInfo.InvariantCulture);
        }

        return Results.Ok();
    }

    private static async Task<IResult> PatchAsync(HttpContext context, string id, UploadService uploads, CancellationToken cancellationToken)
    {
        RequireTus(context);
        if (context.Request.ContentType != TusHeaders.ContentType)
        {
            throw new RequestException(415, "invalid_request", $"The Content-Type of a PATCH is {TusHeaders.ContentType}.");
        }

        if (TusHeaders.Count(context.Request, TusHeaders.Offset) is not { } offset)
        {
            throw new RequestException(400, "invalid_request", "Upload-Offset is missing; say where the bytes begin.");
        }

        AllowLongBody(context);
        var (upload, _) = await uploads.FindAsync(context.Owner(), id, cancellationToken);
        Answer(context, await uploads.AppendAsync(upload, offset, context.Request.Body, isWhole: false, cancellationToken), upload.ExpiresAt);
        return Results.NoContent();
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, string id, UploadService uploads, CancellationToken cancellationToken)
    {
        await uploads.DeleteAsync(context.Owner(), id, cancellationToken);
        context.Response.Headers[TusHeaders.Resumable] = TusHeaders.Version;
        return Results.NoContent();
    }

    private static void Answer(HttpContext context, long received, DateTimeOffset expires)
    {
        context.Response.Headers[TusHeaders.Resumable] = TusHeaders.Version;
        context.Response.Headers[TusHeaders.Offset] = received.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers[TusHeaders.Expires] = expires.ToString("R", CultureInfo.InvariantCulture);
    }

    private static void RequireTus(HttpContext context)
    {
        if (context.Request.Headers[TusHeaders.Resumable] != TusHeaders.Version)
        {
            context.Response.Headers["Tus-Version"] = TusHeaders.Version;
            throw new RequestException(
                412,
                "invalid_request",
                $"Only {TusHeaders.Resumable}: {TusHeaders.Version} is spoken here; a file in one piece goes by PUT."
            );
        }
    }

    /// <summary>The service counts the bytes itself.</summary>
    private static void AllowLongBody(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }
    }
}

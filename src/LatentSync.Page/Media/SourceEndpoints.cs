using LatentSync.Server.Jobs;
using LatentSync.Server.Media;
using LatentSync.Server.Security;
using LatentSync.Server.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LatentSync.Page.Media;

/// <summary>Sends what somebody uploaded back to them, so that they can compare it with the result.</summary>
internal static class SourceEndpoints
{
    private const string Path = "/page/uploads";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet(Path + "/{id}", SendAsync).RequireAuthorization(Scopes.Read).ExcludeFromDescription();

    /// <summary>The address of an upload's file.</summary>
    public static string Url(string id) => $"{Path}/{id}";

    private static async Task<IResult> SendAsync(HttpContext context, string id, UploadService uploads, MediaFiles media, CancellationToken cancellationToken)
    {
        var (upload, _) = await uploads.FindAsync(context.Owner(), id, cancellationToken);
        if (!upload.IsComplete)
        {
            throw new RequestException(409, "not_ready", $"The upload \"{id}\" is not complete; wait until it is.");
        }

        // It is somebody's file: a browser takes it for nothing but a picture, a video or a sound.
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox; frame-ancestors 'none'";
        context.Response.Headers.CacheControl = "private, max-age=3600";
        var file = await media.OpenUploadAsync(upload.Id, cancellationToken);
        return Results.Stream(file, await TypeAsync(file, cancellationToken) ?? "application/octet-stream", enableRangeProcessing: true);
    }

    private static async Task<string?> TypeAsync(Stream file, CancellationToken cancellationToken)
    {
        var start = new byte[MediaSignature.Length];
        var read = await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        file.Position = 0;
        return MediaSignature.Of(start.AsSpan(0, read));
    }
}

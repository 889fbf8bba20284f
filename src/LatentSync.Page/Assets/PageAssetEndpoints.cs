using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace LatentSync.Page.Assets;

/// <summary>Sends scripts and styles, which hold nothing of anybody's.</summary>
internal static class PageAssetEndpoints
{
    private const string Brotli = "br";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet(PageAssets.Path + "/{name}", Send).AllowAnonymous().ExcludeFromDescription();

    private static IResult Send(HttpContext context, string name, string? v, PageAssets assets)
    {
        if (assets.Find(name) is not { } asset)
        {
            return Results.NotFound();
        }

        var headers = context.Response.Headers;
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.CacheControl = v == asset.Version ? "public, max-age=31536000, immutable" : "no-cache";
        var isCompressed = context.Request.GetTypedHeaders().AcceptEncoding.Any(encoding => encoding.Value == Brotli && encoding.Quality is not 0);
        if (isCompressed)
        {
            headers.ContentEncoding = Brotli;
        }

        return Results.Bytes(isCompressed ? asset.Brotli : asset.Plain, asset.ContentType, entityTag: new EntityTagHeaderValue($"\"{asset.Version}\""));
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LatentSync.Page.Security;

/// <summary>Marks the endpoints of the page, whose answers say what a browser may do with them: nothing of another host, no inline scripts.</summary>
internal sealed class PagePolicy
{
    // MudBlazor styles elements inline. Pictures and sounds that somebody chose are shown before they are uploaded: blob.
    private const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; "
        + "connect-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public static void Use(IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                if (context.GetEndpoint()?.Metadata.GetMetadata<PagePolicy>() is not null)
                {
                    var headers = context.Response.Headers;
                    headers.ContentSecurityPolicy = Policy;
                    headers["Cross-Origin-Opener-Policy"] = "same-origin";

                    // With none at all, browsers would not name the origin of forms, by which the cookie counts.
                    headers["Referrer-Policy"] = "same-origin";
                    (headers.CacheControl, headers.Pragma) = ("no-cache, no-store", "no-cache");
                }

                return next(context);
            }
        );
}

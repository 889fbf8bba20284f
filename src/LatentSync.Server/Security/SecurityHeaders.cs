using LatentSync.Server.Api.Dialects;
using Microsoft.AspNetCore.Builder;

namespace LatentSync.Server.Security;

/// <summary>Headers of every answer.</summary>
internal static class SecurityHeaders
{
    // Of answers to programs; pages set their own.
    private const string Policy = "default-src 'none'; frame-ancestors 'none'; sandbox";

    public static void Use(IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                var headers = context.Response.Headers;
                headers.XContentTypeOptions = "nosniff";
                headers["Referrer-Policy"] = "no-referrer";
                headers["Cross-Origin-Resource-Policy"] = "same-origin";
                if (context.Request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase) || DialectList.Of(context.Request) is not null)
                {
                    headers.ContentSecurityPolicy = Policy;
                }

                return next(context);
            }
        );
}

using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LatentSync.Page.Security;

/// <summary>Forgets the key in the browser.</summary>
internal static class LogoutEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/logout", LogOutAsync).AllowAnonymous().ExcludeFromDescription();

    private static async Task<IResult> LogOutAsync(HttpContext context, IAntiforgery antiforgery)
    {
        await antiforgery.ValidateRequestAsync(context);
        await context.SignOutAsync(PageCookie.SchemeName);
        return Results.LocalRedirect(PageCookie.LoginPath);
    }
}

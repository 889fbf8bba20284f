using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace LatentSync.Server.Security;

/// <summary>Whose request it is.</summary>
internal static class RequestOwner
{
    /// <summary>Id of the key; only behind an authorization.</summary>
    public static string Owner(this HttpContext context) =>
        context.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? throw new InvalidOperationException("The endpoint requires no authorization.");
}

using Microsoft.AspNetCore.Http;

namespace LatentSync.Page.Security;

/// <summary>
/// Whether a request comes from this page and not from somebody else's. SameSite alone would let pages of the same host under
/// another port use the cookie.
/// </summary>
internal static class SameOrigin
{
    /// <summary>Whether the cookie may count.</summary>
    /// <param name="request">The request.</param>
    /// <param name="publicUrl">The address behind a proxy; null for none.</param>
    public static bool Holds(HttpRequest request, string? publicUrl)
    {
        // Browsers leave this header out where the page is not secure, and always send it otherwise.
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0 && site is not ("same-origin" or "none"))
        {
            return false;
        }

        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0)
        {
            return IsOwn(origin, $"{request.Scheme}://{request.Host}") || (publicUrl is not null && IsOwn(origin, publicUrl));
        }

        // Browsers name the origin of everything that changes something, and of web sockets.
        return HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || site.Length > 0;
    }

    private static bool IsOwn(string origin, string address) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var given)
        && Uri.TryCreate(address, UriKind.Absolute, out var own)
        && Uri.Compare(given, own, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;
}

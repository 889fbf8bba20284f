using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using LatentSync.Server.Settings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Security;

/// <summary>
/// Who sends a request: the owner of the key in <c>Authorization: Bearer</c> (also <c>Token</c>, <c>Key</c>) or <c>x-api-key</c>.
/// Without one, who sits at this machine, where the settings allow that.
/// </summary>
internal sealed class KeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    KeyService keys,
    IOptions<ServerSettings> settings
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "key";

    /// <summary>The owner of what is done without a key.</summary>
    public const string Local = "local";

    public const string ScopeClaim = "scope";

    private const string KeyHeader = "x-api-key";

    private static readonly string[] Prefixes = ["Bearer ", "Token ", "Key "];
    private static readonly string[] LocalHosts = ["localhost", "127.0.0.1", "[::1]"];

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Sent() is not { } text)
        {
            return !settings.Value.RequireKey && IsFromThisMachine() ? Success(Local, Local, Scopes.All) : AuthenticateResult.NoResult();
        }

        var key = await keys.FindAsync(text, Context.RequestAborted);
        return key is null ? AuthenticateResult.Fail("There is no such key.") : Success(key.Id, key.Name, key.Scopes.Split(' '));
    }

    /// <summary>
    /// A page of somebody else that this machine's browser shows could send requests too: it comes under another host's name, or
    /// names its origin.
    /// </summary>
    private bool IsFromThisMachine()
    {
        var host = Request.Host.Host;
        var origin = Request.Headers.Origin.ToString();
        return Context.Connection.RemoteIpAddress is { } address
            && IPAddress.IsLoopback(address)
            && !Request.Headers.ContainsKey("X-Forwarded-For")
            && LocalHosts.Contains(host, StringComparer.OrdinalIgnoreCase)
            && (origin.Length == 0 || origin.Equals($"{Request.Scheme}://{Request.Host}", StringComparison.OrdinalIgnoreCase))
            && Request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";
    }

    private string? Sent()
    {
        if (Request.Headers.TryGetValue(KeyHeader, out var key))
        {
            return key.ToString();
        }

        var authorization = Request.Headers.Authorization.ToString();
        var prefix = Array.Find(Prefixes, prefix => authorization.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
        return prefix is null ? (authorization.Length > 0 ? authorization : null) : authorization[prefix.Length..].Trim();
    }

    private static AuthenticateResult Success(string id, string name, IEnumerable<string> scopes)
    {
        var identity = new ClaimsIdentity(SchemeName);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, id));
        identity.AddClaim(new Claim(ClaimTypes.Name, name));
        identity.AddClaims(scopes.Select(scope => new Claim(ScopeClaim, scope)));
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }
}

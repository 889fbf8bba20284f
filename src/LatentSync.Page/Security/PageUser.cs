using System.Security.Claims;
using LatentSync.Server.Jobs;
using LatentSync.Server.Security;
using Microsoft.AspNetCore.Components.Authorization;

namespace LatentSync.Page.Security;

/// <summary>Who looks at the page. A circuit lives long, so each call asks anew whether the key still works.</summary>
internal sealed class PageUser(AuthenticationStateProvider authentication, KeyService keys)
{
    /// <summary>The owner in whose name something is done.</summary>
    /// <param name="scope">What it needs.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RequestException">401: the key was revoked; 403: it has not the scope.</exception>
    public async Task<string> OwnerAsync(string scope, CancellationToken cancellationToken)
    {
        var user = await UserAsync();
        var owner = user.FindFirstValue(ClaimTypes.NameIdentifier);
        if (owner is null || (owner != KeyAuthentication.Local && await keys.FindByIdAsync(owner, cancellationToken) is null))
        {
            throw new RequestException(401, "unauthorized", "The key does not work any more; log in with another.");
        }

        return user.HasClaim(KeyAuthentication.ScopeClaim, scope)
            ? owner
            : throw new RequestException(403, "forbidden", $"The key has not the scope {scope}; log in with another, or have one made with it.");
    }

    /// <summary>Whether what needs a scope is worth being offered.</summary>
    public async Task<bool> MayAsync(string scope) => (await UserAsync()).HasClaim(KeyAuthentication.ScopeClaim, scope);

    /// <summary>Name of the key; null for who sits at the machine without one.</summary>
    public async Task<string?> NameAsync()
    {
        var user = await UserAsync();
        return user.FindFirstValue(ClaimTypes.NameIdentifier) is KeyAuthentication.Local or null ? null : user.FindFirstValue(ClaimTypes.Name);
    }

    private async Task<ClaimsPrincipal> UserAsync() => (await authentication.GetAuthenticationStateAsync()).User;
}

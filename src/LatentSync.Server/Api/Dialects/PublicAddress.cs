using LatentSync.Server.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Api.Dialects;

/// <summary>The address that clients reach this server by, for links in answers.</summary>
internal sealed class PublicAddress(IOptions<ServerSettings> settings)
{
    /// <summary>Such as <c>https://lips.example</c>, without a slash: that of the settings, else the one the request came to.</summary>
    public string Of(HttpRequest request) => settings.Value.PublicUrl?.TrimEnd('/') ?? $"{request.Scheme}://{request.Host.ToUriComponent()}";
}

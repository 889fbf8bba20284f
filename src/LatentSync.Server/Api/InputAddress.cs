using LatentSync.Server.Jobs;
using LatentSync.Server.Security;
using LatentSync.Server.Settings;

namespace LatentSync.Server.Api;

/// <summary>Checks what clients name as inputs and as addresses of webhooks.</summary>
internal static class InputAddress
{
    private const int Longest = 2048;

    /// <summary>The id of an upload, or an address where those are allowed.</summary>
    /// <exception cref="RequestException">422.</exception>
    public static string Checked(string input, ServerSettings settings)
    {
        if (!input.Contains(':', StringComparison.Ordinal))
        {
            return input;
        }

        if (!settings.AllowUrls)
        {
            throw new RequestException(422, "urls_not_allowed", "This server takes no addresses as inputs; upload the file and give its id.");
        }

        return input.Length <= Longest && GuardedHttp.Parse(input, settings.AllowPrivateAddresses) is { } address
            ? address.AbsoluteUri
            : throw new RequestException(422, "invalid_input", $"\"{Short(input)}\" is no address that can be fetched; it has to begin with https://.");
    }

    /// <summary>The address of a webhook; null for none.</summary>
    /// <exception cref="RequestException">422.</exception>
    public static string? CheckedWebhook(string? webhook, ServerSettings settings) =>
        webhook is null ? null
        : webhook.Length <= Longest && GuardedHttp.Parse(webhook, settings.AllowPrivateAddresses) is { } address ? address.AbsoluteUri
        : throw new RequestException(422, "invalid_webhook", $"\"{Short(webhook)}\" is no address for a webhook; it has to begin with https://.");

    private static string Short(string text) => text.Length <= 100 ? text : text[..100] + "...";
}

using LatentSync.Files;

namespace LatentSync.Models.Download;

/// <summary>How the hub is reached, as Hugging Face's own programs are told.</summary>
/// <param name="Endpoint">The hub's address, with a slash at its end.</param>
/// <param name="Token">Says who asks; null for the public files.</param>
internal sealed record HubSettings(Uri Endpoint, string? Token)
{
    private const string EndpointVariable = "HF_ENDPOINT";
    private const string DefaultEndpoint = "https://huggingface.co";
    private const int LongestToken = 4096;

    private static readonly string[] TokenVariables = ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"];

    /// <summary>
    /// HF_ENDPOINT, else huggingface.co; HF_TOKEN or HUGGING_FACE_HUB_TOKEN, else the file <c>token</c> in HF_HOME or
    /// ~/.cache/huggingface, where a login leaves it.
    /// </summary>
    /// <exception cref="LipSyncException">HF_ENDPOINT is no address of a server, or the token cannot be one.</exception>
    public static HubSettings Read(Func<string, string?> environment)
    {
        var address = environment(EndpointVariable) is { Length: > 0 } given ? given : DefaultEndpoint;
        if (
            !Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var endpoint)
            || endpoint.Scheme is not ("http" or "https")
            || endpoint.UserInfo.Length > 0
            || endpoint.Query.Length > 0
            || endpoint.Fragment.Length > 0
        )
        {
            throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                $"{EndpointVariable} is not the address of a server; set it to something like {DefaultEndpoint}."
            );
        }

        return new HubSettings(endpoint, ReadToken(environment));
    }

    private static string? ReadToken(Func<string, string?> environment)
    {
        var token = TokenVariables.Select(environment).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value)) ?? ReadTokenFile(environment);
        token = token?.Trim();
        return string.IsNullOrEmpty(token) ? null
            : token.Length <= LongestToken && token.All(letter => char.IsAscii(letter) && !char.IsControl(letter) && letter != ' ') ? token
            : throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                $"The Hugging Face token has characters that no token has; set HF_TOKEN to the token alone."
            );
    }

    private static string? ReadTokenFile(Func<string, string?> environment)
    {
        var home = environment("HF_HOME") is { Length: > 0 } given
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "huggingface");
        var path = Path.Combine(home, "token");
        try
        {
            return UserFile.Length(path) is > 0 and <= LongestToken ? File.ReadAllText(path) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Disk(path, $"read", error);
        }
    }
}

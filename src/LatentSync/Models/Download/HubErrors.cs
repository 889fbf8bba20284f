using System.Net;
using LatentSync.Models.Catalogue;

namespace LatentSync.Models.Download;

/// <summary>The sentences for downloads that fail.</summary>
internal static class HubErrors
{
    private static FormattableString NetworkHint => $"check the network and the proxy (HTTPS_PROXY), or set HF_ENDPOINT to a mirror";

    /// <summary>The server could not be reached, or failed too often.</summary>
    public static LipSyncException GaveUp(string host, TransientDownloadException cause) =>
        Create($"The download from {host} failed ({cause.Reason}); {NetworkHint}; what was downloaded is kept.", cause);

    /// <summary>The server refused, for good.</summary>
    public static LipSyncException Refused(HttpStatusCode status, KnownFile file, Uri endpoint, bool hasToken)
    {
        var page = new Uri(endpoint, file.Repository);
        return Create(
            status switch
            {
                HttpStatusCode.Unauthorized when !hasToken => (FormattableString)
                    $"{endpoint.Host} wants to know who asks for {file.Repository}; accept the licence on {page}, make a token there, and set HF_TOKEN to it.",
                HttpStatusCode.Unauthorized => (FormattableString)
                    $"{endpoint.Host} does not know the Hugging Face token; set HF_TOKEN to a valid one, or remove it.",
                HttpStatusCode.Forbidden => (FormattableString)
                    $"{endpoint.Host} refuses {file.Repository}; accept the licence on {page} with the account whose token HF_TOKEN holds.",
                HttpStatusCode.NotFound => (FormattableString)
                    $"{endpoint.Host} has no file {file.RemotePath} in {file.Repository}; see {page}, or import a folder with \"latentsync models import\".",
                _ => (FormattableString)
                    $"{endpoint.Host} answered {(int)status} for {file.RemotePath} of {file.Repository}; try again later, or set HF_ENDPOINT to a mirror.",
            }
        );
    }

    /// <summary>The server's file is not the one it should be.</summary>
    /// <param name="file">The file.</param>
    /// <param name="problem">What is wrong, as a clause.</param>
    public static LipSyncException Unusable(KnownFile file, FormattableString problem) =>
        Create($"{file.RemotePath} of {file.Repository} cannot be used: {problem}; try again later, or set HF_ENDPOINT to another mirror.");

    private static LipSyncException Create(FormattableString message, Exception? cause = null) => new(LipSyncErrorCode.DownloadFailed, message, cause);
}

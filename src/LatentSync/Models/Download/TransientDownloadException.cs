namespace LatentSync.Models.Download;

/// <summary>A failure of the network or the server that may pass. Never leaves this folder.</summary>
internal sealed class TransientDownloadException(string message, TimeSpan? retryAfter = null, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>How long the server asks to wait.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

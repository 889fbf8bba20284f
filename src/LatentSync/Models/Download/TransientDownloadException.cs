namespace LatentSync.Models.Download;

/// <summary>A failure of the network or the server that may pass. Never leaves this folder.</summary>
/// <param name="reason">What happened, as a clause.</param>
/// <param name="retryAfter">How long the server asks to wait.</param>
/// <param name="cause">The exception that told, if one did.</param>
internal sealed class TransientDownloadException(FormattableString reason, TimeSpan? retryAfter = null, Exception? cause = null)
    : Exception(Invariant(reason), cause)
{
    /// <summary>What happened, as a clause.</summary>
    public FormattableString Reason => reason;

    /// <summary>How long the server asks to wait.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

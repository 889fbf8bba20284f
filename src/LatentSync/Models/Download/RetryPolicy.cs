namespace LatentSync.Models.Download;

/// <summary>Tries again what may pass, each time after twice the wait, until it fails too often without any progress.</summary>
/// <param name="delay">Waits.</param>
internal sealed class RetryPolicy(Func<TimeSpan, CancellationToken, Task> delay)
{
    private const int MostFailures = 6;
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>Runs an action until it succeeds.</summary>
    /// <param name="host">The server, for the message.</param>
    /// <param name="progress">A number that grows whenever something was achieved.</param>
    /// <param name="action">The action.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LipSyncException"><see cref="LipSyncErrorCode.DownloadFailed"/>: it failed too often in a row.</exception>
    public async Task RunAsync(string host, Func<long> progress, Func<Task> action, CancellationToken cancellationToken)
    {
        for (var failures = 0; ; )
        {
            var before = progress();
            try
            {
                await action().ConfigureAwait(false);
                return;
            }
            catch (TransientDownloadException error)
            {
                failures = progress() > before ? 1 : failures + 1;
                if (failures >= MostFailures)
                {
                    throw HubErrors.GaveUp(host, error);
                }

                var wait = error.RetryAfter ?? (FirstWait * Math.Pow(2, failures - 1));
                await delay(wait < LongestWait ? wait : LongestWait, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}

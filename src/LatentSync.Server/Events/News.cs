namespace LatentSync.Server.Events;

/// <summary>Waiting for something that may not come.</summary>
internal static class News
{
    /// <summary>Waits until there is news or some time has passed.</summary>
    /// <returns>Whether there is news.</returns>
    /// <exception cref="OperationCanceledException">Waiting was given up.</exception>
    public static async Task<bool> ComesWithinAsync(this Task news, TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
    {
        var waiting = news.WaitAsync(longest, time, cancellationToken);
        await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return waiting.IsCompletedSuccessfully;
    }

    /// <summary>How long to rest until the next thing is due; not longer than a missed ring may cost.</summary>
    /// <param name="next">When the next thing is due; null if nothing is.</param>
    /// <param name="now">The present.</param>
    /// <param name="longest">The most.</param>
    public static TimeSpan QuietUntil(DateTimeOffset? next, DateTimeOffset now, TimeSpan longest)
    {
        var quiet = next is { } due ? due - now : longest;
        return TimeSpan.FromTicks(Math.Clamp(quiet.Ticks, TimeSpan.TicksPerMillisecond, longest.Ticks));
    }
}

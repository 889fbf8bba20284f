namespace LatentSync.Server.Work.Calls;

/// <summary>Calls one worker when there may be work.</summary>
internal interface IWorkCalls : IAsyncDisposable
{
    /// <summary>Waits for the next call; a while without one is a call too, so that nothing is forgotten for long.</summary>
    /// <param name="hadWork">Whether the call before led to work.</param>
    /// <param name="cancellationToken">Waits no more.</param>
    /// <returns>The call; null where nobody else would have to follow it.</returns>
    Task<IWorkCall?> NextAsync(bool hadWork, CancellationToken cancellationToken);
}

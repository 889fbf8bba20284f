namespace LatentSync.Server.Work;

/// <summary>Wakes workers that have nothing to do. A missed ring costs a moment, never work: they look by themselves too.</summary>
internal sealed class WorkSignal
{
    private TaskCompletionSource _ring = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completed at the next <see cref="Ring"/>; to be taken before looking for work.</summary>
    public Task Next => Volatile.Read(ref _ring).Task;

    /// <summary>There may be work.</summary>
    public void Ring() => Interlocked.Exchange(ref _ring, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}

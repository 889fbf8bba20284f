namespace LatentSync.Server.Events;

/// <summary>Wakes who has nothing to do. A missed ring costs a moment, never work: they look by themselves too.</summary>
internal abstract class Signal
{
    private TaskCompletionSource _ring = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completed at the next <see cref="Ring"/>; to be taken before looking for something to do.</summary>
    public Task Next => Volatile.Read(ref _ring).Task;

    /// <summary>There may be something to do.</summary>
    public void Ring() => Interlocked.Exchange(ref _ring, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}

using LatentSync.Server.Events;

namespace LatentSync.Server.Work.Calls;

/// <summary>Calls the workers of this process when one of its changes makes work.</summary>
internal sealed class LocalCaller(WorkQueue queue, WorkSignal signal, TimeProvider time) : IWorkCaller
{
    // Who wrote the database by other means rings no bell here.
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(30);

    public IWorkCalls Open() => new Calls(queue, signal, time);

    private sealed class Calls(WorkQueue queue, WorkSignal signal, TimeProvider time) : IWorkCalls
    {
        private Task _ring = Task.CompletedTask;
        private DateTimeOffset _lookedAt;

        public async Task<IWorkCall?> NextAsync(bool hadWork, CancellationToken cancellationToken)
        {
            if (!hadWork)
            {
                var quiet = await queue.QuietAsync(_lookedAt, LookInterval, cancellationToken);
                await _ring.ComesWithinAsync(quiet, time, cancellationToken);
            }

            // To be taken before looking for work.
            (_ring, _lookedAt) = (signal.Next, time.GetUtcNow());
            return null;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

using System.Collections.Concurrent;

namespace LatentSync.Server.Work;

/// <summary>What the workers of this process have in hand, so that a cancelled job stops at once.</summary>
internal sealed class RunningWork
{
    private readonly ConcurrentDictionary<CancellationTokenSource, string> _running = [];

    /// <summary>Jobs that somebody works at.</summary>
    public int Count => _running.Count;

    /// <summary>Work at a job begins.</summary>
    public void Add(string jobId, CancellationTokenSource stop) => _running[stop] = jobId;

    /// <summary>It has ended.</summary>
    public void Remove(CancellationTokenSource stop) => _running.TryRemove(stop, out _);

    /// <summary>Stops all work at a job.</summary>
    public void Stop(string jobId)
    {
        foreach (var (stop, _) in _running.Where(work => work.Value == jobId))
        {
            try
            {
                stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has just ended.
            }
        }
    }
}

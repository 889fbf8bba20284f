using System.Collections.Immutable;

namespace LatentSync.Server.Events;

/// <summary>
/// What happens to one job right now, for all who watch it. An event is put into bytes once, however many watch; each watcher
/// holds only a place in the list. Progress replaces earlier progress: a slow reader skips it and delays nobody.
/// </summary>
internal sealed class JobFeed
{
    // Far more than a job has changes at once; who is behind by more takes them from the database.
    private const int KeptChanges = 64;

    private readonly Lock _gate = new();
    private ImmutableQueue<FeedItem> _changes = [];
    private int _kept;
    private long _dropped;
    private FeedItem? _progress;
    private long _version;
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The newest progress; null before the first.</summary>
    public FeedItem? Progress => Volatile.Read(ref _progress);

    /// <summary>Number of the last change that was added; 0 before the first.</summary>
    public long LastSequence
    {
        get
        {
            lock (_gate)
            {
                return field;
            }
        }
        private set;
    }

    /// <summary>Watchers of this feed.</summary>
    public int Watchers { get; set; }

    /// <summary>A change that was written to the database.</summary>
    public void AddChange(long sequence, ReadOnlyMemory<byte> bytes, bool isLast)
    {
        lock (_gate)
        {
            LastSequence = sequence;
            _changes = _changes.Enqueue(new FeedItem(sequence, ++_version, bytes, isLast));
            if (++_kept > KeptChanges)
            {
                _changes = _changes.Dequeue(out var dropped);
                _dropped = dropped.Version;
                _kept--;
            }

            Tell();
        }
    }

    /// <summary>How far the job is.</summary>
    public void SetProgress(ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            _progress = new FeedItem(0, ++_version, bytes, IsLast: false);
            Tell();
        }
    }

    /// <summary>What is newer than a version, changes first, and what to wait for if that is nothing.</summary>
    /// <returns>The items; whether changes before them are no longer kept, so that they have to come from the database; the next news.</returns>
    public (IReadOnlyList<FeedItem> Items, bool IsBehind, Task News) After(long version)
    {
        lock (_gate)
        {
            var items = _changes.Where(item => item.Version > version).ToList();
            if (_progress is { } progress && progress.Version > version)
            {
                items.Add(progress);
            }

            return (items, version < _dropped, _news.Task);
        }
    }

    /// <summary>Wakes all watchers without news, so that they can see that the server stops.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            Tell();
        }
    }

    private void Tell()
    {
        var news = _news;
        _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        news.SetResult();
    }
}

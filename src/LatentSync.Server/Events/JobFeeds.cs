using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LatentSync.Server.Data;
using LatentSync.Server.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace LatentSync.Server.Events;

/// <summary>The feeds of the jobs that run or are watched.</summary>
internal sealed class JobFeeds(IServiceProvider services)
{
    private readonly ConcurrentDictionary<string, JobFeed> _feeds = new(StringComparer.Ordinal);

    private readonly Lazy<INewsChannel?> _others = new(services.GetService<INewsChannel>);

    /// <summary>The feed of a job.</summary>
    public JobFeed Of(string jobId) => _feeds.GetOrAdd(jobId, _ => new JobFeed());

    /// <summary>Tells the watchers of a change that is on the disk.</summary>
    public void Publish(JobEvent change)
    {
        if (_others.Value is { } others)
        {
            // Here too it comes by the database: a change of another process may be before it.
            others.Send(new NewsItem(NewsKind.Change, change.JobId));
            return;
        }

        // Nobody watches most jobs; who comes later reads the database.
        if (_feeds.TryGetValue(change.JobId, out var feed))
        {
            feed.AddChange(change.Sequence, Bytes(change), change.State.IsFinal());
        }
    }

    /// <summary>Tells the watchers how far a job is.</summary>
    public void Publish(string jobId, JsonObject progress)
    {
        var bytes = Bytes("progress", id: null, progress);
        if (_others.Value is { } others)
        {
            others.Send(new NewsItem(NewsKind.Progress, jobId, bytes));
        }
        else
        {
            Of(jobId).SetProgress(bytes);
        }
    }

    /// <summary>Whoever works at a job, in whatever process, is to stop.</summary>
    public void Stop(string jobId) => _others.Value?.Send(new NewsItem(NewsKind.Stop, jobId));

    /// <summary>Whether somebody watches a job.</summary>
    public bool IsWatched(string jobId) => _feeds.ContainsKey(jobId);

    /// <summary>The jobs that somebody watches.</summary>
    public IEnumerable<string> Watched() => _feeds.Keys;

    /// <summary>The last change that a feed has; null if nobody watches the job.</summary>
    public long? LastSequence(string jobId) => _feeds.TryGetValue(jobId, out var feed) ? feed.LastSequence : null;

    /// <summary>Progress that another process tells.</summary>
    public void SetProgress(string jobId, ReadOnlyMemory<byte> bytes)
    {
        if (_feeds.TryGetValue(jobId, out var feed))
        {
            feed.SetProgress(bytes);
        }
    }

    /// <summary>Changes of a job that were read from the database, in their order.</summary>
    public void Add(string jobId, IReadOnlyList<JobEvent> changes)
    {
        if (_feeds.TryGetValue(jobId, out var feed))
        {
            foreach (var (index, change) in changes.Index())
            {
                // An end that something follows was taken back by a retry.
                feed.AddChange(change.Sequence, Bytes(change), change.State.IsFinal() && index == changes.Count - 1);
            }
        }
    }

    /// <summary>A watcher comes; the feed stays while there is one.</summary>
    public JobFeed Watch(string jobId)
    {
        while (true)
        {
            var feed = Of(jobId);
            lock (feed)
            {
                if (_feeds.TryGetValue(jobId, out var current) && ReferenceEquals(feed, current))
                {
                    feed.Watchers++;
                    return feed;
                }
            }
        }
    }

    /// <summary>
    /// A watcher goes; the last takes the feed along. A change that is published meanwhile is in the database before who comes
    /// next looks there.
    /// </summary>
    public void Leave(string jobId, JobFeed feed)
    {
        lock (feed)
        {
            feed.Watchers--;
        }

        Forget(jobId);
    }

    /// <summary>Forgets the feed of a job that has ended, unless somebody still watches it.</summary>
    public void Forget(string jobId)
    {
        if (_feeds.TryGetValue(jobId, out var feed))
        {
            lock (feed)
            {
                if (feed.Watchers == 0)
                {
                    _feeds.TryRemove(KeyValuePair.Create(jobId, feed));
                }
            }
        }
    }

    /// <summary>Wakes all watchers: the server stops.</summary>
    public void WakeAll()
    {
        foreach (var feed in _feeds.Values)
        {
            feed.Wake();
        }
    }

    /// <summary>A change as a server-sent event.</summary>
    public static ReadOnlyMemory<byte> Bytes(JobEvent change) =>
        Bytes(
            "state",
            change.Sequence,
            new JsonObject
            {
                ["state"] = Names.Of(change.State),
                ["kind"] = change.Kind,
                ["at"] = change.At,
                ["message"] = change.Message,
                ["attempt"] = change.Attempt,
            }
        );

    private static ReadOnlyMemory<byte> Bytes(string name, long? id, JsonObject data)
    {
        // One line of JSON: it never holds a line break.
        var text = JsonSerializer.Serialize(data);
        var head = id is null ? string.Empty : Invariant($"id: {id}\n");
        return Encoding.UTF8.GetBytes($"{head}event: {name}\ndata: {text}\n\n");
    }
}

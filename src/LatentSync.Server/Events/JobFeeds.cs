using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LatentSync.Server.Data;
using LatentSync.Server.Jobs;

namespace LatentSync.Server.Events;

/// <summary>The feeds of the jobs that run or are watched.</summary>
internal sealed class JobFeeds
{
    private readonly ConcurrentDictionary<string, JobFeed> _feeds = new(StringComparer.Ordinal);

    /// <summary>The feed of a job.</summary>
    public JobFeed Of(string jobId) => _feeds.GetOrAdd(jobId, _ => new JobFeed());

    /// <summary>Tells the watchers of a change that is on the disk.</summary>
    public void Publish(JobEvent change)
    {
        // Nobody watches most jobs; who comes later reads the database.
        if (_feeds.TryGetValue(change.JobId, out var feed))
        {
            feed.AddChange(change.Sequence, Bytes(change), change.State.IsFinal());
        }
    }

    /// <summary>Tells the watchers how far a job is.</summary>
    public void Publish(string jobId, JsonObject progress) => Of(jobId).SetProgress(Bytes("progress", id: null, progress));

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

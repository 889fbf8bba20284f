using System.Text.Json.Nodes;
using LatentSync.Server.Events;
using LatentSync.Server.Jobs;
using Microsoft.Extensions.Hosting;

namespace LatentSync.Page.Jobs;

/// <summary>Follows a job for somebody who looks at it.</summary>
internal sealed class JobWatch(JobDesk desk, JobFeeds feeds, TimeProvider time, IHostApplicationLifetime lifetime)
{
    // Faster than people read; a feed may have a hundred events a second.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    // The place in the queue changes without an event of this job.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private static ReadOnlySpan<byte> DataMark => "\ndata: "u8;

    /// <summary>Tells at once and then whenever something has happened, until the job has ended or nobody looks any more.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="id">The job.</param>
    /// <param name="tell">Gets the job, and how far the piece in hand is.</param>
    /// <param name="isEnough">When to stop.</param>
    /// <param name="cancellationToken">Nobody looks any more.</param>
    /// <exception cref="RequestException">404: it was deleted.</exception>
    public async Task RunAsync(
        string owner,
        string id,
        Func<JobFacts, ProgressFacts?, Task> tell,
        Func<JobFacts, bool> isEnough,
        CancellationToken cancellationToken
    )
    {
        // The feed first, then the database: what comes in between is in both.
        var feed = feeds.Watch(id);
        try
        {
            var (version, progress) = (0L, (ProgressFacts?)null);
            while (!lifetime.ApplicationStopping.IsCancellationRequested)
            {
                var (items, _, news) = feed.After(version);
                foreach (var item in items)
                {
                    version = item.Version;
                    progress = item.Sequence == 0 ? ProgressFacts.Of(Data(item)) ?? progress : null;
                }

                var job = await desk.FindAsync(owner, id, cancellationToken);
                await tell(job, progress);
                if (isEnough(job))
                {
                    return;
                }

                await Task.Delay(Pause, time, cancellationToken);
                await news.ComesWithinAsync(Longest, time, cancellationToken);
            }
        }
        finally
        {
            feeds.Leave(id, feed);
        }
    }

    private static JsonNode Data(FeedItem item)
    {
        // Progress begins with "event: progress"; its data are the rest of the event.
        var bytes = item.Bytes.Span;
        return JsonNode.Parse(bytes[(bytes.IndexOf(DataMark) + DataMark.Length)..])!;
    }
}

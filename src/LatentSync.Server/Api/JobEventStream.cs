using System.Globalization;
using LatentSync.Server.Events;
using LatentSync.Server.Jobs;
using LatentSync.Server.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;

namespace LatentSync.Server.Api;

/// <summary>
/// The events of a job (https://html.spec.whatwg.org/multipage/server-sent-events.html): first all changes after the one that
/// <c>Last-Event-ID</c> names, then what happens. The stream ends with the job.
/// </summary>
internal static class JobEventStream
{
    // Proxies close what says nothing for a minute.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);

    private static readonly byte[] Comment = ": \n\n"u8.ToArray();

    /// <summary>Sends them until the job has ended or the client goes.</summary>
    public static async Task SendAsync(
        HttpContext context,
        string id,
        JobService jobs,
        JobFeeds feeds,
        IHostApplicationLifetime lifetime,
        CancellationToken cancellationToken
    )
    {
        var job = await jobs.FindAsync(context.Owner(), id, cancellationToken);
        var last = long.TryParse(context.Request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var seen) ? seen : 0;
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();

        // The feed first, then the database: what comes in between is in both, and told once by its number.
        var feed = feeds.Watch(job.Id);
        try
        {
            // The state before the events: a job that ends in between ends in the feed.
            var hasEnded = (await jobs.FindAsync(context.Owner(), id, cancellationToken)).State.IsFinal();
            last = await SendWrittenAsync(context, jobs, id, last, cancellationToken);
            await context.Response.Body.FlushAsync(cancellationToken);
            var version = 0L;
            while (!hasEnded && !lifetime.ApplicationStopping.IsCancellationRequested)
            {
                var (items, isBehind, news) = feed.After(version);
                if (isBehind)
                {
                    last = await SendWrittenAsync(context, jobs, id, last, cancellationToken);
                }

                foreach (var item in items)
                {
                    version = item.Version;
                    if (item.Sequence > 0 && item.Sequence <= last)
                    {
                        continue;
                    }

                    last = Math.Max(last, item.Sequence);
                    await context.Response.Body.WriteAsync(item.Bytes, cancellationToken);
                }

                hasEnded = items.Any(item => item.IsLast);

                if (items.Count == 0)
                {
                    await WaitAsync(context, news, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The client has gone.
        }
        finally
        {
            feeds.Leave(job.Id, feed);
        }
    }

    /// <summary>Sends changes that the database has, and says which was the last.</summary>
    private static async Task<long> SendWrittenAsync(HttpContext context, JobService jobs, string id, long last, CancellationToken cancellationToken)
    {
        foreach (var change in await jobs.EventsAsync(id, last, cancellationToken))
        {
            await context.Response.Body.WriteAsync(JobFeeds.Bytes(change), cancellationToken);
            last = change.Sequence;
        }

        return last;
    }

    private static async Task WaitAsync(HttpContext context, Task news, CancellationToken cancellationToken)
    {
        while (!await news.ComesWithinAsync(Heartbeat, TimeProvider.System, cancellationToken))
        {
            await context.Response.Body.WriteAsync(Comment, cancellationToken);
            await context.Response.Body.FlushAsync(cancellationToken);
        }
    }
}

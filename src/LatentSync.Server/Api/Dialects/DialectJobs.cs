using LatentSync.Server.Data;
using LatentSync.Server.Events;
using LatentSync.Server.Jobs;
using LatentSync.Server.Uploads;
using Microsoft.Extensions.Hosting;

namespace LatentSync.Server.Api.Dialects;

/// <summary>Jobs as the dialects need them: each sees those that came in by it.</summary>
internal sealed class DialectJobs(JobService jobs, JobFeeds feeds, UploadService uploads, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>Accepts a job.</summary>
    /// <param name="submission">What is asked for.</param>
    /// <param name="stored">Uploads that came with the request; they are deleted if no job comes of it.</param>
    /// <param name="cancellationToken">The client has gone.</param>
    /// <exception cref="RequestException">It cannot be accepted.</exception>
    public async Task<(Job Job, bool IsReplay)> SubmitAsync(JobSubmission submission, IReadOnlyCollection<string> stored, CancellationToken cancellationToken)
    {
        var (job, isReplay) = await jobs.SubmitAsync(submission, cancellationToken);
        if (isReplay)
        {
            await DiscardAsync(submission.Owner, stored);
        }

        return (job, isReplay);
    }

    /// <summary>Deletes uploads of a request that came to nothing.</summary>
    public async Task DiscardAsync(string owner, IReadOnlyCollection<string> stored)
    {
        foreach (var id in stored)
        {
            try
            {
                await uploads.DeleteAsync(owner, id, CancellationToken.None);
            }
            catch (RequestException error) when (error.Status is 404 or 409)
            {
                // It is gone, or a job came of it after all: the client had gone before it was told.
            }
        }
    }

    /// <summary>A job of this owner and dialect.</summary>
    /// <exception cref="RequestException">404.</exception>
    public async Task<Job> FindAsync(string owner, string dialect, string id, CancellationToken cancellationToken)
    {
        var job = await jobs.FindAsync(owner, id, cancellationToken);
        return job.Dialect == dialect ? job : throw RequestException.NotFound("job", id);
    }

    /// <summary>Waits until a job has ended, some time has passed, or the server stops.</summary>
    /// <returns>The job as it is then.</returns>
    public async Task<Job> WaitAsync(Job job, TimeSpan longest, CancellationToken cancellationToken)
    {
        var feed = feeds.Watch(job.Id);
        try
        {
            var end = time.GetTimestamp() + (long)(longest.TotalSeconds * time.TimestampFrequency);
            for (var (version, isDue) = (0L, true); ; )
            {
                // What to wait for first, then the database: what comes in between is not missed.
                var (items, _, news) = feed.After(version);
                if (items.Count > 0)
                {
                    version = items.Max(item => item.Version);
                    isDue |= items.Any(item => item.Sequence > 0);
                    continue;
                }

                var rest = time.GetElapsedTime(time.GetTimestamp(), end);
                var isOver = rest <= TimeSpan.Zero || lifetime.ApplicationStopping.IsCancellationRequested;
                if (isDue || isOver)
                {
                    var current = await jobs.FindAsync(job.Owner, job.Id, cancellationToken);
                    if (current.State.IsFinal() || isOver)
                    {
                        return current;
                    }

                    isDue = false;
                }

                await news.ComesWithinAsync(rest, time, cancellationToken);
            }
        }
        finally
        {
            feeds.Leave(job.Id, feed);
        }
    }
}

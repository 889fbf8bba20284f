using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using LatentSync.Server.Data;
using LatentSync.Server.Data.Providers;
using LatentSync.Server.Data.Writing;
using LatentSync.Server.Events;
using LatentSync.Server.Media;
using LatentSync.Server.Settings;
using LatentSync.Server.Telemetry;
using LatentSync.Server.Webhooks;
using LatentSync.Server.Work;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Jobs;

/// <summary>What clients do with jobs. Each call is done when it is on the disk.</summary>
internal sealed class JobService(
    IDbContextFactory<ServerDatabase> databases,
    DatabaseWriter writer,
    JobFeeds feeds,
    MediaStore media,
    MediaFiles files,
    WorkSignal signal,
    WebhookSignal webhooks,
    RunningWork running,
    QueueLimits queue,
    JobMessages messages,
    ServerMetrics metrics,
    IOptions<ServerSettings> settings,
    TimeProvider time
)
{
    private static readonly TimeSpan IdempotencyRetention = TimeSpan.FromHours(24);

    /// <summary>Accepts a job.</summary>
    /// <returns>The job, and whether it is that of an earlier request with the same key.</returns>
    /// <exception cref="RequestException">It cannot be accepted.</exception>
    public async Task<(Job Job, bool IsReplay)> SubmitAsync(JobSubmission submission, CancellationToken cancellationToken)
    {
        RequireRoom();
        var options = JobOptionsReader.Read(submission.Options);
        var (job, changes) = await writer.WriteAsync(database => SubmitAsync(database, submission, options), cancellationToken);
        if (changes is null)
        {
            return (job, true);
        }

        metrics.Submitted(submission.Dialect);
        Publish(changes);
        signal.Ring();
        return (job, false);
    }

    /// <summary>A job of this owner.</summary>
    /// <exception cref="RequestException">404.</exception>
    public async Task<Job> FindAsync(string owner, string id, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.Jobs.AsNoTracking().FirstOrDefaultAsync(job => job.Id == id && job.Owner == owner, cancellationToken)
            ?? throw RequestException.NotFound("job", id);
    }

    /// <summary>Jobs that a filter lets through.</summary>
    [SuppressMessage("Globalization", "CA1309", Justification = "The database compares, byte by byte.")]
    public async Task<List<Job>> ListAsync(JobFilter filter, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var found = database.Jobs.AsNoTracking().Where(job => job.Owner == filter.Owner);
        found = filter.Dialect is { } dialect ? found.Where(job => job.Dialect == dialect) : found;
        found = filter.States is { } states ? found.Where(job => states.Contains(job.State)) : found;
        found = filter.IsAnalysis is { } isAnalysis ? found.Where(job => job.IsAnalysis == isAnalysis) : found;
        found = filter.Ids is { } ids ? found.Where(job => ids.Contains(job.Id)) : found;
        if (filter.After is { } after)
        {
            found = filter.IsAscending ? found.Where(job => string.Compare(job.Id, after) > 0) : found.Where(job => string.Compare(job.Id, after) < 0);
        }

        found = filter.IsAscending ? found.OrderBy(job => job.Id) : found.OrderByDescending(job => job.Id);
        return await found.Take(filter.Count).ToListAsync(cancellationToken);
    }

    /// <summary>The changes of a job after one of them, in their order.</summary>
    public async Task<IReadOnlyList<JobEvent>> EventsAsync(string id, long after, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database
            .Events.AsNoTracking()
            .Where(change => change.JobId == id && change.Sequence > after)
            .OrderBy(change => change.Sequence)
            .ToListAsync(cancellationToken);
    }

    /// <summary>How many jobs are analysed before this one, about; null if it does not wait.</summary>
    public async Task<int?> PositionAsync(Job job, CancellationToken cancellationToken)
    {
        if (job.State != JobState.Queued)
        {
            return null;
        }

        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await QueuePosition.OfAsync(database, job, cancellationToken);
    }

    /// <summary>Stops a job; one that has ended stays as it is.</summary>
    /// <exception cref="RequestException">404.</exception>
    public async Task<Job> CancelAsync(string owner, string id, CancellationToken cancellationToken)
    {
        var changes = await ChangeAsync(
            owner,
            id,
            async changes =>
            {
                if (!changes.Job.State.IsFinal())
                {
                    await changes.CancelAsync(Expiry());
                }
            },
            cancellationToken
        );
        running.Stop(id);
        feeds.Stop(id);
        return changes.Job;
    }

    /// <summary>Resumes a failed or cancelled job where it has stopped.</summary>
    /// <exception cref="RequestException">404; 409: it has neither failed nor been cancelled.</exception>
    public async Task<Job> RetryAsync(string owner, string id, CancellationToken cancellationToken)
    {
        RequireRoom();
        var changes = await ChangeAsync(
            owner,
            id,
            changes =>
                changes.Job.State is JobState.Failed or JobState.Cancelled
                    ? changes.RetryAsync()
                    : throw new RequestException(
                        409,
                        "conflict",
                        $"The job \"{id}\" is {Names.Of(changes.Job.State)}; only a job that failed or was cancelled can be retried."
                    ),
            cancellationToken
        );
        signal.Ring();
        return changes.Job;
    }

    /// <summary>Deletes a job with its files; stops it first if it runs.</summary>
    /// <exception cref="RequestException">404.</exception>
    public async Task DeleteAsync(string owner, string id, CancellationToken cancellationToken)
    {
        await CancelAsync(owner, id, cancellationToken);
        await writer.WriteAsync(database => RemoveAsync(database, id), cancellationToken);
        await files.DeleteJobAsync(id, cancellationToken);
        feeds.Forget(id);
    }

    /// <summary>Takes a job with all its rows out of the database.</summary>
    public static async Task RemoveAsync(ServerDatabase database, string id)
    {
        await database.LockJobAsync(id);
        await database.Work.Where(work => work.JobId == id).ExecuteDeleteAsync();
        await database.Events.Where(change => change.JobId == id).ExecuteDeleteAsync();
        await database.Webhooks.Where(delivery => delivery.JobId == id).ExecuteDeleteAsync();
        await database.Jobs.Where(job => job.Id == id).ExecuteDeleteAsync();
    }

    /// <summary>An upload is complete: what waits for it goes into the queue, in the same transaction.</summary>
    /// <param name="uploadId">The upload.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task CompleteUploadAsync(string uploadId, long length, CancellationToken cancellationToken)
    {
        var changed = await writer.WriteAsync(
            async database =>
            {
                await database
                    .Uploads.Where(upload => upload.Id == uploadId)
                    .ExecuteUpdateAsync(set => set.SetProperty(upload => upload.IsComplete, true).SetProperty(upload => upload.Length, length));
                var changed = new List<JobChanges>();
                var waiting = await database
                    .Jobs.TagWith(RowLocks.Update)
                    .Where(job => job.State == JobState.Uploading && (job.VideoId == uploadId || job.AudioId == uploadId))
                    .OrderBy(job => job.Id)
                    .ToListAsync();
                foreach (var job in waiting)
                {
                    var changes = new JobChanges(database, job, time);
                    await QueueIfCompleteAsync(database, changes);
                    changed.Add(changes);
                }

                return changed;
            },
            cancellationToken
        );
        changed.ForEach(Publish);
        signal.Ring();
    }

    /// <summary>Tells of changes that are on the disk.</summary>
    /// <param name="changes">The changes; null if there were none.</param>
    public void Publish(JobChanges? changes)
    {
        if (changes is null)
        {
            return;
        }

        if (changes.HasMessages)
        {
            webhooks.Ring();
        }

        foreach (var change in changes.Events)
        {
            feeds.Publish(change);
            if (change is { Kind: "state" or "created" } && change.State.IsFinal())
            {
                metrics.Ended(change.State);
                feeds.Forget(change.JobId);
            }
        }
    }

    /// <summary>The job, and what was changed for it; nothing if it is that of an earlier request.</summary>
    private async Task<(Job Job, JobChanges? Changes)> SubmitAsync(ServerDatabase database, JobSubmission submission, JsonObject options)
    {
        var now = time.GetUtcNow();
        if (await FindReplayAsync(database, submission, now) is { } known)
        {
            return (known, null);
        }

        await queue.RequirePlaceAsync(database, submission.Owner, now);
        var job = new Job
        {
            Id = Ids.Job(time),
            Owner = submission.Owner,
            CreatedAt = now,
            UpdatedAt = now,
            State = JobState.Uploading,
            VideoId = await InputAsync(database, submission.Owner, submission.Video, now),
            AudioId = await InputAsync(database, submission.Owner, submission.Audio, now),
            Options = options.ToJsonString(),
            Number = await database.LastNumberAsync(submission.Owner) + 1,
            Model = NamedModel.Of(options),
            Metadata = submission.Metadata?.ToJsonString(),
            Dialect = submission.Dialect,
            Container = submission.Container,
            WebhookUrl = submission.WebhookUrl,
            IsAnalysis = submission.IsAnalysis,
        };
        await KeepPictureAsync(database, job);
        var changes = new JobChanges(database, job, time);
        changes.Begin();
        await QueueIfCompleteAsync(database, changes);
        queue.Add(submission.Owner);
        if (submission.IdempotencyKey is { } key)
        {
            database.IdempotentRequests.Add(
                new IdempotentRequest
                {
                    Owner = submission.Owner,
                    Key = key,
                    BodyDigest = submission.BodyDigest,
                    Outcome = job.Id,
                    ExpiresAt = now + IdempotencyRetention,
                }
            );
        }

        return (job, changes);
    }

    private static async Task<Job?> FindReplayAsync(ServerDatabase database, JobSubmission submission, DateTimeOffset now)
    {
        if (submission.IdempotencyKey is not { } key)
        {
            return null;
        }

        var known = await database.FindRequestAsync(submission.Owner, key);
        if (known is null)
        {
            return null;
        }

        if (known.ExpiresAt <= now)
        {
            database.IdempotentRequests.Remove(known);
            await database.SaveChangesAsync();
            return null;
        }

        if (!known.BodyDigest.AsSpan().SequenceEqual(submission.BodyDigest))
        {
            throw new RequestException(
                422,
                "idempotency_key_reused",
                $"The Idempotency-Key \"{key}\" came with another request before; use a new one for each request."
            );
        }

        return await database.FindJobAsync(known.Outcome)
            ?? throw new RequestException(410, "gone", $"The job of the Idempotency-Key \"{key}\" was deleted; use a new one.");
    }

    /// <summary>An upload of the owner, or a new one that is fetched from an address.</summary>
    private async Task<string> InputAsync(ServerDatabase database, string owner, string input, DateTimeOffset now)
    {
        if (!input.Contains(':', StringComparison.Ordinal))
        {
            var upload = await database.KeepUploadAsync(input);
            return upload?.Owner == owner ? upload.Id : throw new RequestException(422, "invalid_input", $"There is no upload \"{input}\" here.");
        }

        var fetched = new Upload
        {
            Id = Ids.Upload(time),
            Owner = owner,
            CreatedAt = now,
            Url = input,
            ExpiresAt = now + settings.Value.UploadRetention,
        };
        database.Uploads.Add(fetched);
        return fetched.Id;
    }

    /// <summary>Keeps the picture of a person as long as the job may be retried.</summary>
    /// <exception cref="RequestException">422: it is not here.</exception>
    private async Task KeepPictureAsync(ServerDatabase database, Job job)
    {
        if (FacePicture.Of(job) is not { } id)
        {
            return;
        }

        var picture = await database.LockUploadAsync(id);
        if (picture is not { IsComplete: true } || picture.Owner != job.Owner)
        {
            throw new RequestException(422, "invalid_input", $"There is no complete upload \"{id}\" here for the option face.");
        }

        var until = job.CreatedAt + settings.Value.UploadRetention + settings.Value.Retention;
        picture.ExpiresAt = until > picture.ExpiresAt ? until : picture.ExpiresAt;
    }

    private static async Task QueueIfCompleteAsync(ServerDatabase database, JobChanges changes)
    {
        var job = changes.Job;
        var (video, audio) = (await database.Uploads.FindAsync(job.VideoId), await database.Uploads.FindAsync(job.AudioId));
        if (video is { IsComplete: true } && audio is { IsComplete: true })
        {
            changes.Go(JobState.Queued);
            changes.Add(WorkKind.Analyse);
        }
        else if (database.Entry(job).State == EntityState.Added && (video?.Url ?? audio?.Url) is not null)
        {
            changes.Add(WorkKind.Fetch);
        }
    }

    private void RequireRoom()
    {
        if (!media.HasRoom())
        {
            throw NoRoom();
        }
    }

    /// <summary>The answer while the disk is full.</summary>
    public static RequestException NoRoom() =>
        new(507, "disk_full", "The server's disk is full; jobs resume when there is room. Try again later.") { RetryAfter = QueueLimits.Pause };

    private async Task<JobChanges> ChangeAsync(string owner, string id, Func<JobChanges, Task> change, CancellationToken cancellationToken)
    {
        var changes = await writer.WriteAsync(
            async database =>
            {
                var job = await database.LockJobAsync(id);
                if (job is null || job.Owner != owner)
                {
                    throw RequestException.NotFound("job", id);
                }

                var changes = new JobChanges(database, job, time);
                await change(changes);
                messages.Add(changes);
                return changes;
            },
            cancellationToken
        );
        Publish(changes);
        return changes;
    }

    private DateTimeOffset Expiry() => time.GetUtcNow() + settings.Value.Retention;
}

using LatentSync.Server.Data;
using LatentSync.Server.Data.Writing;
using LatentSync.Server.Events;
using LatentSync.Server.Jobs;
using LatentSync.Server.Settings;
using LatentSync.Server.Work.Scheduling;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Work;

/// <summary>
/// Gives work to workers by leases: who does not renew one loses it, and the work goes to another. A result counts only while
/// its lease does, so that nothing is done twice to a job.
/// </summary>
internal sealed class WorkQueue(
    IDbContextFactory<ServerDatabase> databases,
    DatabaseWriter writer,
    JobService jobs,
    WorkSignal signal,
    JobMessages messages,
    FileNames names,
    IOptions<ServerSettings> settings,
    TimeProvider time
)
{
    private const double PauseSeconds = 2;
    private const int MostDoublings = 5;

    // Trying again would end the same way: the job itself is at fault, not the engine or the machine.
    private static readonly HashSet<string> Permanent = ["invalid_options", "invalid_input", "no_face", "invalid_model", "missing_dependency", "too_long"];

    private DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Whether there is work, be it for this worker or for others.</summary>
    public async Task<bool> AnyAsync(CancellationToken cancellationToken)
    {
        var now = Now;
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.Work.AnyAsync(work => work.State == WorkState.Ready && work.NotBefore <= now, cancellationToken);
    }

    /// <summary>Whether there is work that this worker could take.</summary>
    public async Task<bool> AnyAsync(WorkRequest request, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await WorkOrder.Open(database, request, Now).AnyAsync(cancellationToken) && !await IsDrainingAsync(database, request, cancellationToken);
    }

    /// <summary>Whether somebody waits for work that this worker could take.</summary>
    public async Task<bool> AnyNeededAsync(WorkRequest request, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await WorkOrder.Open(database, request, Now).AnyAsync(work => work.Rank == WorkRank.Needed, cancellationToken)
            && !await IsDrainingAsync(database, request, cancellationToken);
    }

    /// <summary>Takes the next piece of work; null if there is none.</summary>
    public async Task<LeasedWork?> TakeAsync(WorkRequest request, CancellationToken cancellationToken)
    {
        // Looking costs no write.
        if (!await AnyAsync(request, cancellationToken))
        {
            return null;
        }

        var (work, changes) = await writer.WriteAsync(database => TakeAsync(database, request), cancellationToken);
        jobs.Publish(changes);
        return work;
    }

    /// <summary>How long nothing needs to be looked for, unless the bell rings: until the first pause of waiting work is over.</summary>
    /// <param name="lookedAt">What was ready at this time is for others.</param>
    /// <param name="longest">The most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<TimeSpan> QuietAsync(DateTimeOffset lookedAt, TimeSpan longest, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var next = await database
            .Work.Where(work => work.State == WorkState.Ready && work.NotBefore > lookedAt)
            .OrderBy(work => work.NotBefore)
            .Select(work => (DateTimeOffset?)work.NotBefore)
            .FirstOrDefaultAsync(cancellationToken);
        return News.QuietUntil(next, Now, longest);
    }

    /// <summary>Keeps the lease.</summary>
    /// <returns>False if it was lost: the job was cancelled, or another worker has the work.</returns>
    public Task<bool> RenewAsync(LeasedWork work, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            async database =>
            {
                var until = Now + settings.Value.Lease;
                return await Held(database, work).ExecuteUpdateAsync(set => set.SetProperty(item => item.LeaseUntil, until), CancellationToken.None) == 1;
            },
            cancellationToken
        );

    /// <summary>The work is done.</summary>
    /// <param name="work">The work.</param>
    /// <param name="apply">What it changes in its job.</param>
    /// <returns>False if the lease was lost; then nothing is changed.</returns>
    public Task<bool> CompleteAsync(LeasedWork work, Func<ServerDatabase, JobChanges, Task> apply) => ChangeAsync(work, async (database, item, changes) =>
        {
            (item.State, item.LeaseToken, item.LeaseUntil, item.Digest) = (WorkState.Done, null, null, work.Digest);
            item.Seconds = (Now - item.TakenAt)?.TotalSeconds;
            await database.SaveChangesAsync();
            await DropRivalsAsync(database, item);
            await apply(database, changes);
            messages.Add(changes);
        });

    /// <summary>The work failed: it is tried again a little later, or its job fails.</summary>
    public Task FailAsync(LeasedWork work, WorkFailure failure) => ChangeAsync(work, async (database, item, changes) =>
        {
            item.Failures++;
            var message = await names.SayAsync(database, changes.Job, failure.Message);
            (item.Error, item.LeaseToken, item.LeaseUntil) = (message, null, null);
            if (item.RaceOf is not null)
            {
                // Another worker still makes the same.
                item.State = WorkState.Dropped;
            }
            else if (Permanent.Contains(failure.Kind) || item.Failures >= settings.Value.Attempts)
            {
                item.State = WorkState.Failed;
                if (item.Kind == WorkKind.Score)
                {
                    changes.Tell("score_failed", message);
                }
                else
                {
                    await changes.FailAsync(failure.Kind, message, Now + settings.Value.Retention);
                    messages.Add(changes);
                }
            }
            else
            {
                (item.State, item.DispatchedAt) = (WorkState.Ready, null);
                item.NotBefore = Now + TimeSpan.FromSeconds(PauseSeconds * Math.Pow(2, Math.Min(item.Failures - 1, MostDoublings)));
                changes.Tell("work_failed", message);
            }
        });

    /// <summary>
    /// The work needs a file that the storage has spoiled for good. Its maker makes it again: a segment by itself, after an analysis
    /// the whole job. Who makes too many that are spoiled fails the job.
    /// </summary>
    /// <param name="work">The work, which comes again once the file is there.</param>
    /// <param name="spoiled">What made the file.</param>
    public Task MakeAgainAsync(LeasedWork work, WorkItem spoiled) => ChangeAsync(work, async (database, item, changes) =>
        {
            var made = await database.Work.FirstAsync(row => row.Id == spoiled.Id);
            var failures = made.Failures + 1;
            if (made.Kind == WorkKind.Analyse)
            {
                await changes.BeginAnewAsync("The storage has spoiled the analysis of this job; it begins anew.", failures);
            }
            else
            {
                (item.State, item.LeaseToken, item.LeaseUntil) = (WorkState.Dropped, null, null);
                made.State = WorkState.Dropped;
                changes.Job.SegmentsDone--;
                changes.Add(made.Kind, made.Segment, failures);
                changes.Tell("segment_lost", Invariant($"The storage has spoiled segment {made.Segment}; it is made again."));
            }

            if (failures >= settings.Value.Attempts)
            {
                const string message = "The storage spoils a file of this job each time it is put there; check the storage and retry.";
                await changes.FailAsync(WorkFailure.Spoiled, message, Now + settings.Value.Retention);
                messages.Add(changes);
            }
        });

    /// <summary>Gives work back that was not finished through no fault of its own: the server stops, or the disk is full.</summary>
    public async Task ReturnAsync(LeasedWork work, TimeSpan pause = default)
    {
        await writer.WriteAsync(
            async database =>
            {
                var notBefore = Now + pause;
                await Held(database, work)
                    .ExecuteUpdateAsync(set =>
                        set.SetProperty(item => item.State, WorkState.Ready)
                            .SetProperty(item => item.LeaseToken, (string?)null)
                            .SetProperty(item => item.LeaseUntil, (DateTimeOffset?)null)
                            .SetProperty(item => item.NotBefore, notBefore)
                            .SetProperty(item => item.DispatchedAt, (DateTimeOffset?)null)
                    );
            },
            CancellationToken.None
        );
        signal.Ring();
    }

    /// <summary>Gives back what workers had who are gone.</summary>
    /// <param name="isAll">At the start of the only process: everything that is leased.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many pieces of work wait again.</returns>
    public async Task<int> ReclaimAsync(bool isAll, CancellationToken cancellationToken)
    {
        await using (var database = await databases.CreateDbContextAsync(cancellationToken))
        {
            var leased = database.Work.Where(item => item.State == WorkState.Leased);
            if (!await leased.AnyAsync(cancellationToken))
            {
                return 0;
            }
        }

        var count = await writer.WriteAsync(
            database =>
            {
                var now = Now;
                return database
                    .Work.Where(item => item.State == WorkState.Leased && (isAll || item.LeaseUntil < now))
                    .ExecuteUpdateAsync(
                        set =>
                            set.SetProperty(item => item.State, WorkState.Ready)
                                .SetProperty(item => item.LeaseToken, (string?)null)
                                .SetProperty(item => item.LeaseUntil, (DateTimeOffset?)null)
                                .SetProperty(item => item.DispatchedAt, (DateTimeOffset?)null),
                        CancellationToken.None
                    );
            },
            cancellationToken
        );
        if (count > 0)
        {
            signal.Ring();
        }

        return count;
    }

    /// <summary>Changes a piece of work and its job while the worker holds the lease, and tells of it.</summary>
    /// <returns>False if the lease was lost; then nothing is changed.</returns>
    private async Task<bool> ChangeAsync(LeasedWork work, Func<ServerDatabase, WorkItem, JobChanges, Task> change)
    {
        var changes = await writer.WriteAsync(
            async database =>
            {
                // The job first: then nobody else counts its segments.
                if (await database.LockJobAsync(work.Job.Id) is not { } job || await Held(database, work).FirstOrDefaultAsync() is not { } item)
                {
                    return null;
                }

                var changes = new JobChanges(database, job, time);
                await change(database, item, changes);
                return changes;
            },
            CancellationToken.None
        );
        jobs.Publish(changes);
        signal.Ring();
        return changes is not null;
    }

    private async Task<(LeasedWork? Work, JobChanges? Changes)> TakeAsync(ServerDatabase database, WorkRequest request)
    {
        var now = Now;
        var item = await WorkOrder.NextAsync(database, request, now);
        var isChange = item?.Kind == WorkKind.Analyse;
        if (item is null || await (isChange ? database.LockJobAsync(item.JobId) : database.FindJobAsync(item.JobId)) is not { } job)
        {
            return (null, null);
        }

        var token = Guid.NewGuid().ToString("N");
        (item.State, item.Worker, item.LeaseToken, item.LeaseUntil) = (WorkState.Leased, request.Worker, token, now + settings.Value.Lease);
        item.TakenAt = now;
        var changes = new JobChanges(database, job, time);
        if (item.Kind == WorkKind.Analyse && job.State == JobState.Queued)
        {
            changes.Go(JobState.Analysing);
            messages.Add(changes);
        }

        return (new LeasedWork(item, job, token), changes);
    }

    /// <summary>Of two workers that make the same segment the first counts; the other notices when it renews its lease.</summary>
    private static Task DropRivalsAsync(ServerDatabase database, WorkItem done) =>
        done.Kind != WorkKind.Segment
            ? Task.CompletedTask
            : database
                .Work.Where(item => item.JobId == done.JobId && item.Kind == WorkKind.Segment && item.Segment == done.Segment && item.Id != done.Id)
                .Where(item => item.State == WorkState.Ready || item.State == WorkState.Leased)
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(item => item.State, WorkState.Dropped)
                        .SetProperty(item => item.LeaseToken, (string?)null)
                        .SetProperty(item => item.LeaseUntil, (DateTimeOffset?)null)
                );

    private static Task<bool> IsDrainingAsync(ServerDatabase database, WorkRequest request, CancellationToken cancellationToken) =>
        database.Workers.AnyAsync(row => row.Name == request.Worker && row.IsDraining, cancellationToken);

    /// <summary>The work, if the lease is still that of its worker.</summary>
    private static IQueryable<WorkItem> Held(ServerDatabase database, LeasedWork work) =>
        database.Work.Where(item => item.Id == work.Item.Id && item.LeaseToken == work.Token && item.State == WorkState.Leased);
}

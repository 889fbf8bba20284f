using LatentSync.Server.Data;
using LatentSync.Server.Data.Writing;
using LatentSync.Server.Jobs;
using LatentSync.Server.Media;
using Microsoft.EntityFrameworkCore;

namespace LatentSync.Server.Work.Scheduling;

/// <summary>
/// Lets segments at the end of a job be made a second time when their worker takes far longer than those of the others took. Such
/// work comes after all other, so that only workers do it who would have nothing to do.
/// </summary>
internal sealed class Stragglers(
    IDbContextFactory<ServerDatabase> databases,
    DatabaseWriter writer,
    JobService jobs,
    MediaFiles files,
    WorkSignal signal,
    TimeProvider time
)
{
    private const double TimesTheMedian = 2;
    private const int FewestSiblings = 2;
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5);

    /// <summary>Looks for them.</summary>
    /// <returns>How many segments are made a second time from now on.</returns>
    public async Task<int> RaceAsync(CancellationToken cancellationToken)
    {
        // Where files are worked on in their place two would write the same one.
        if (files.Store is null)
        {
            return 0;
        }

        var count = 0;
        var before = time.GetUtcNow() - Shortest;
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var slow = await database
            .Work.AsNoTracking()
            .Where(work => work.State == WorkState.Leased && work.Rank == WorkRank.Needed && work.Kind == WorkKind.Segment && work.TakenAt < before)
            .ToListAsync(cancellationToken);
        foreach (var hand in slow.GroupBy(work => work.JobId, StringComparer.Ordinal))
        {
            var limit = await LimitAsync(database, hand.Key, cancellationToken);
            foreach (var work in hand.Where(work => time.GetUtcNow() - work.TakenAt > limit))
            {
                count += await RaceAsync(work) ? 1 : 0;
            }
        }

        if (count > 0)
        {
            signal.Ring();
        }

        return count;
    }

    /// <summary>How long a segment of a job may take; null while others of it wait, or too few are done to tell.</summary>
    private static async Task<TimeSpan?> LimitAsync(ServerDatabase database, string job, CancellationToken cancellationToken)
    {
        var siblings = database.Work.Where(work => work.JobId == job && work.Kind == WorkKind.Segment);
        if (await siblings.AnyAsync(work => work.State == WorkState.Ready && work.Rank == WorkRank.Needed, cancellationToken))
        {
            return null;
        }

        var seconds = await siblings
            .Where(work => work.State == WorkState.Done && work.Seconds != null)
            .Select(work => work.Seconds!.Value)
            .ToListAsync(cancellationToken);
        return seconds.Count < FewestSiblings ? null : TimeSpan.FromSeconds(TimesTheMedian * seconds.Order().ElementAt(seconds.Count / 2));
    }

    private async Task<bool> RaceAsync(WorkItem slow)
    {
        var changes = await writer.WriteAsync(
            async database =>
            {
                // The job first: then nobody else adds the same.
                if (
                    await database.LockJobAsync(slow.JobId) is not { State: JobState.Generating } job
                    || !await database.Work.AnyAsync(work => work.Id == slow.Id && work.State == WorkState.Leased && work.LeaseToken == slow.LeaseToken)
                    || await database.Work.AnyAsync(work => work.RaceOf == slow.Id && work.JobId == slow.JobId && work.State != WorkState.Dropped)
                )
                {
                    return null;
                }

                var changes = new JobChanges(database, job, time);
                changes.Race(slow);
                return changes;
            },
            CancellationToken.None
        );
        jobs.Publish(changes);
        return changes is not null;
    }
}

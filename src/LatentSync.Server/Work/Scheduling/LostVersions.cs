using LatentSync.Server.Data;
using LatentSync.Server.Data.Providers;
using LatentSync.Server.Data.Writing;
using LatentSync.Server.Jobs;
using LatentSync.Server.Media;
using LatentSync.Server.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Work.Scheduling;

/// <summary>
/// A job stays with the version that began it. When no worker of that version is left, it begins anew with another, instead of
/// waiting for ever.
/// </summary>
internal sealed class LostVersions(
    IDbContextFactory<ServerDatabase> databases,
    DatabaseWriter writer,
    IDatabaseBackend backend,
    WorkerPool pool,
    WorkerRoll roll,
    JobService jobs,
    MediaFiles files,
    WorkSignal signal,
    IOptions<ServerSettings> settings,
    TimeProvider time
)
{
    private const int AtOnce = 100;

    /// <summary>Looks for such jobs.</summary>
    /// <returns>How many begin anew.</returns>
    public async Task<int> BeginAnewAsync(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var waiting = database.Work.Where(work => work.State == WorkState.Ready && work.Rank == WorkRank.Needed && work.Version != null);
        var known = await VersionsAsync(database, cancellationToken);

        // Without anybody who could do it there is no use in beginning anew.
        if (known.Count == 0)
        {
            return 0;
        }

        var lost = await waiting
            .Where(work => !known.Contains(work.Version!))
            .Select(work => new { work.JobId, work.Version })
            .Distinct()
            .Take(AtOnce)
            .ToListAsync(cancellationToken);
        foreach (var job in lost)
        {
            await BeginAnewAsync(job.JobId, job.Version!, cancellationToken);
        }

        if (lost.Count > 0)
        {
            signal.Ring();
        }

        return lost.Count;
    }

    /// <summary>Versions of the workers that were seen of late, those that have just stopped included: they may be restarting.</summary>
    private async Task<List<string>> VersionsAsync(ServerDatabase database, CancellationToken cancellationToken)
    {
        if (!backend.IsShared)
        {
            // There are no others, and those of this process have the version of the program that it is.
            return [.. pool.Workers.Select(worker => worker.ResultVersion).OfType<string>().Distinct(StringComparer.Ordinal)];
        }

        var (since, alive) = (time.GetUtcNow() - settings.Value.VersionPatience, roll.Since);
        var seen = await database
            .Workers.Where(row => row.ResultVersion != null && (row.SeenAt > since || (row.SeenAt > alive && !row.HasStopped)))
            .Select(row => new { Version = row.ResultVersion!, row.HasStopped })
            .Distinct()
            .ToListAsync(cancellationToken);
        return seen.TrueForAll(worker => worker.HasStopped) ? [] : [.. seen.Select(worker => worker.Version).Distinct(StringComparer.Ordinal)];
    }

    private async Task BeginAnewAsync(string id, string version, CancellationToken cancellationToken)
    {
        var changes = await writer.WriteAsync(
            async database =>
            {
                if (await database.LockJobAsync(id) is not { State: JobState.Generating or JobState.Joining } job || job.Version != version)
                {
                    return null;
                }

                var changes = new JobChanges(database, job, time);
                await changes.BeginAnewAsync($"No worker with the version that began this job ({version}) is left; it begins anew.");
                return changes;
            },
            cancellationToken
        );
        if (changes is not null)
        {
            jobs.Publish(changes);
            await files.DeleteSegmentsAsync(id, cancellationToken);
        }
    }
}

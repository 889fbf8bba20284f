using System.Diagnostics.CodeAnalysis;
using LatentSync.Server.Data;
using LatentSync.Server.Jobs;
using LatentSync.Server.Work;
using Microsoft.EntityFrameworkCore;

namespace LatentSync.Server.Telemetry;

/// <summary>
/// Reads from the database what waits and who works. Rows of the queue are counted by their index and never read; what is read is
/// bounded by the number of workers. A hundred thousand jobs that wait cost some tens of milliseconds.
/// </summary>
internal sealed class QueueReader(IDbContextFactory<ServerDatabase> databases, WorkerPool workers, WorkerRoll roll, TimeProvider time)
{
    // About as many jobs are being generated as there are workers: older jobs come first.
    private const int MostJobs = 1000;
    private const int RememberedJobs = 200;

    // There may be very many of them, and they change slowly.
    private static readonly TimeSpan FinishedInterval = TimeSpan.FromMinutes(1);
    private static readonly JobState[] Open = [.. Enum.GetValues<JobState>().Where(state => !state.IsFinal())];
    private static readonly JobState[] Final = [.. Enum.GetValues<JobState>().Where(state => state.IsFinal())];

    private Dictionary<JobState, long> _finished = [];
    private DateTimeOffset _finishedAt;

    /// <summary>Reads it, for one caller at a time.</summary>
    public async Task<QueueReading> ReadAsync(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        database.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        var now = time.GetUtcNow();
        if (now - _finishedAt >= FinishedInterval)
        {
            (_finished, _finishedAt) = (await CountAsync(database, Final, cancellationToken), now);
        }

        var jobs = (await CountAsync(database, Open, cancellationToken)).Concat(_finished).ToDictionary();
        var oldest = await database
            .Work.Where(work => work.State == WorkState.Ready && work.Kind == WorkKind.Analyse)
            .OrderBy(work => work.Rank)
            .ThenBy(work => work.JobCreatedAt)
            .ThenBy(work => work.Id)
            .Select(work => new { work.JobId, work.JobCreatedAt })
            .FirstOrDefaultAsync(cancellationToken);
        var inHand = await database
            .Work.Where(work => work.State == WorkState.Leased)
            .Select(work => new { work.JobId, work.Kind })
            .ToListAsync(cancellationToken);
        var held = inHand.ToLookup(work => work.JobId, work => work.Kind, StringComparer.Ordinal);
        var seen = await roll.ListAsync(workers.Workers, cancellationToken);
        return new QueueReading
        {
            Jobs = jobs,
            Age = oldest is null ? TimeSpan.Zero : now - oldest.JobCreatedAt,
            Seconds = await SecondsAsync(database, jobs, oldest?.JobId, held, cancellationToken),
            Waiting = await database.Work.LongCountAsync(work => work.State == WorkState.Ready, cancellationToken),
            Running = inHand.Count,
            Busy = seen.Count(worker => worker.Job is not null),
            Idle = seen.Count(worker => worker.Job is null),
        };
    }

    private static async Task<Dictionary<JobState, long>> CountAsync(ServerDatabase database, JobState[] states, CancellationToken cancellationToken)
    {
        var counts = await database
            .Jobs.Where(job => states.Contains(job.State))
            .GroupBy(job => job.State)
            .Select(group => new { State = group.Key, Count = group.LongCount() })
            .ToDictionaryAsync(count => count.State, count => count.Count, cancellationToken);
        return states.ToDictionary(state => state, state => counts.GetValueOrDefault(state));
    }

    private static async Task<double> SecondsAsync(
        ServerDatabase database,
        Dictionary<JobState, long> jobs,
        string? oldest,
        ILookup<string, WorkKind> held,
        CancellationToken cancellationToken
    )
    {
        var forecast = new QueueForecast(await database.Rates.ToListAsync(cancellationToken));
        var (waiting, analysing, begun) = (jobs[JobState.Queued], jobs[JobState.Analysing], jobs[JobState.Generating] + jobs[JobState.Joining]);
        var seconds = 0.0;
        if (waiting + analysing > 0)
        {
            seconds += forecast.Unknown(waiting, analysing, await LengthsAsync(database, oldest, cancellationToken));
        }

        if (begun > 0)
        {
            var known = await BegunAsync(database, cancellationToken);
            var sum = known.Sum(job =>
                forecast.Known(job, held[job.Id].Count(kind => kind == WorkKind.Segment), isJoined: held[job.Id].Contains(WorkKind.Join))
            );

            // Those beyond the limit are taken to be like the others.
            seconds += sum * Math.Max(1, begun / Math.Max(1.0, known.Count));
        }

        return seconds;
    }

    /// <summary>Frames of the newest jobs before the oldest that waits: later ones have not been analysed either.</summary>
    [SuppressMessage("Globalization", "CA1309", Justification = "The database compares, byte by byte.")]
    private static Task<List<int>> LengthsAsync(ServerDatabase database, string? oldest, CancellationToken cancellationToken) =>
        database
            .Jobs.Where(job => job.Frames > 0 && !job.IsAnalysis && (oldest == null || string.Compare(job.Id, oldest) < 0))
            .OrderByDescending(job => job.Id)
            .Select(job => job.Frames)
            .Take(RememberedJobs)
            .ToListAsync(cancellationToken);

    /// <summary>Jobs that are generated or joined, without what takes room in them.</summary>
    private static Task<List<Job>> BegunAsync(ServerDatabase database, CancellationToken cancellationToken) =>
        database
            .Jobs.Where(job => job.State == JobState.Generating || job.State == JobState.Joining)
            .OrderBy(job => job.Id)
            .Take(MostJobs)
            .Select(job => new Job
            {
                Id = job.Id,
                Owner = job.Owner,
                CreatedAt = job.CreatedAt,
                UpdatedAt = job.UpdatedAt,
                State = job.State,
                VideoId = job.VideoId,
                AudioId = job.AudioId,
                Options = job.Options,
                Dialect = job.Dialect,
                Container = job.Container,
                Frames = job.Frames,
                Segments = job.Segments,
                SegmentsDone = job.SegmentsDone,
            })
            .ToListAsync(cancellationToken);
}

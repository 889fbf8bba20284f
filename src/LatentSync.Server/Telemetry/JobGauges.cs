using System.Diagnostics.Metrics;
using LatentSync.Server.Data;
using LatentSync.Server.Jobs;
using LatentSync.Server.Work;
using Microsoft.EntityFrameworkCore;

namespace LatentSync.Server.Telemetry;

/// <summary>Reads the gauges of <see cref="ServerMetrics"/> from the database.</summary>
internal sealed class JobGauges(IDbContextFactory<ServerDatabase> databases, WorkerPool workers, ServerMetrics metrics, TimeProvider time)
{
    /// <summary>From now on the gauges are there.</summary>
    public void Start() => metrics.Observe(Jobs, QueueAge, Workers);

    private List<Measurement<long>> Jobs()
    {
        using var database = databases.CreateDbContext();
        return
        [
            .. database
                .Jobs.GroupBy(job => job.State)
                .Select(group => new { State = group.Key, Count = group.LongCount() })
                .AsEnumerable()
                .Select(count => new Measurement<long>(count.Count, new KeyValuePair<string, object?>("state", Names.Of(count.State)))),
        ];
    }

    private double QueueAge()
    {
        using var database = databases.CreateDbContext();
        var oldest = database
            .Jobs.Where(job => job.State == JobState.Queued)
            .OrderBy(job => job.Id)
            .Select(job => (DateTimeOffset?)job.CreatedAt)
            .FirstOrDefault();
        return oldest is { } created ? (time.GetUtcNow() - created).TotalSeconds : 0;
    }

    private List<Measurement<long>> Workers() =>
        [
            .. workers
                .Workers.GroupBy(worker => worker.Job is null ? "idle" : "busy", StringComparer.Ordinal)
                .Select(group => new Measurement<long>(group.Count(), new KeyValuePair<string, object?>("state", group.Key))),
        ];
}

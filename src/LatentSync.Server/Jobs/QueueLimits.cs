using LatentSync.Server.Data;
using LatentSync.Server.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Jobs;

/// <summary>
/// How many jobs are open, so that not more are accepted than the limits allow. Counting ten thousand rows at every submission
/// would cost more than the submission; they are counted once a second, and those of this process in between. Several processes
/// may together accept some more than that, those of one second.
/// </summary>
internal sealed class QueueLimits(IOptions<ServerSettings> settings)
{
    /// <summary>When it is worth trying again.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Dictionary<string, int> _open = new(StringComparer.Ordinal);
    private DateTimeOffset _countedAt;

    /// <summary>Refuses a job for which there is no place. Called by the writers of the database.</summary>
    /// <exception cref="RequestException">429.</exception>
    public async Task RequirePlaceAsync(ServerDatabase database, string owner, DateTimeOffset now)
    {
        if (now - _countedAt >= Interval)
        {
            var counts = await database
                .Jobs.Where(job => job.FinishedAt == null)
                .GroupBy(job => job.Owner)
                .Select(group => new { Owner = group.Key, Count = group.Count() })
                .ToListAsync();
            lock (_gate)
            {
                _open = counts.ToDictionary(count => count.Owner, count => count.Count, StringComparer.Ordinal);
                _countedAt = now;
            }
        }

        var (own, all) = Open(owner);
        if (own >= settings.Value.MaxJobsPerOwner)
        {
            throw Full(Invariant($"You have {settings.Value.MaxJobsPerOwner} jobs that wait or run, which is the most; try again when some are done."));
        }

        if (all >= settings.Value.MaxJobs)
        {
            throw Full("So many jobs are waiting that no other is accepted; try again later.");
        }
    }

    /// <summary>Another job was accepted.</summary>
    public void Add(string owner)
    {
        lock (_gate)
        {
            _open[owner] = _open.GetValueOrDefault(owner) + 1;
        }
    }

    private (int Own, int All) Open(string owner)
    {
        lock (_gate)
        {
            return (_open.GetValueOrDefault(owner), _open.Values.Sum());
        }
    }

    private static RequestException Full(string message) => new(429, "queue_full", message) { RetryAfter = Pause };
}

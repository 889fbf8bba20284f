using LatentSync.Server.Data;
using LatentSync.Server.Jobs;
using Microsoft.EntityFrameworkCore;

namespace LatentSync.Server.Reports;

/// <summary>What jobs fail with.</summary>
internal sealed class FailureReport(IDbContextFactory<ServerDatabase> databases, TimeProvider time)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>The kinds of the last week, the most frequent first.</summary>
    /// <remarks>Both queries go over the failed jobs only, by the index of states; retention bounds how many these are.</remarks>
    public async Task<IReadOnlyList<FailureCount>> ReadAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (day, week) = (now - Day, now - Week);
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var failed = database.Jobs.AsNoTracking().Where(job => job.State == JobState.Failed && job.FinishedAt >= week && job.ErrorKind != null);
        var kinds = await failed
            .GroupBy(job => job.ErrorKind!)
            .Select(group => new
            {
                Kind = group.Key,
                Day = group.Count(job => job.FinishedAt >= day),
                Week = group.Count(),
                Newest = group.Max(job => job.FinishedAt),
            })
            .ToListAsync(cancellationToken);
        if (kinds.Count == 0)
        {
            return [];
        }

        var times = kinds.ConvertAll(kind => kind.Newest);
        var newest = await failed
            .Where(job => times.Contains(job.FinishedAt))
            .Select(job => new
            {
                job.Id,
                job.Owner,
                job.ErrorKind,
                job.ErrorMessage,
                job.FinishedAt,
            })
            .ToListAsync(cancellationToken);

        // A job that is retried between the two queries takes its kind along.
        var found = new List<FailureCount>();
        foreach (var kind in kinds.OrderByDescending(kind => kind.Week).ThenBy(kind => kind.Kind, StringComparer.Ordinal))
        {
            if (newest.Find(job => job.ErrorKind == kind.Kind && job.FinishedAt == kind.Newest) is { FinishedAt: { } at } job)
            {
                found.Add(new FailureCount(kind.Kind, kind.Day, kind.Week, job.Id, job.Owner, at, job.ErrorMessage ?? string.Empty));
            }
        }

        return found;
    }
}

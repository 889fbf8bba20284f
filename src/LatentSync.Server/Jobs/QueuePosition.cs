using System.Diagnostics.CodeAnalysis;
using LatentSync.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace LatentSync.Server.Jobs;

/// <summary>How many jobs come before one that waits.</summary>
internal static class QueuePosition
{
    /// <summary>Owners take turns: before the third job of one owner come its first two, and of each other owner up to two.</summary>
    [SuppressMessage("Globalization", "CA1309", Justification = "Becomes SQL, whose comparison of ids is ordinal.")]
    public static async Task<int> OfAsync(ServerDatabase database, Job job, CancellationToken cancellationToken)
    {
        var waiting = database.Jobs.Where(other => other.State == JobState.Queued);
        var own = await waiting.CountAsync(other => other.Owner == job.Owner && string.Compare(other.Id, job.Id) < 0, cancellationToken);
        var others = await waiting
            .Where(other => other.Owner != job.Owner)
            .GroupBy(other => other.Owner)
            .Select(group => group.Count())
            .ToListAsync(cancellationToken);
        return own + others.Sum(count => Math.Min(count, own));
    }
}

using LatentSync.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace LatentSync.Server.Reports;

/// <summary>What is kept of one owner.</summary>
internal sealed class OwnerReport(IDbContextFactory<ServerDatabase> databases)
{
    /// <summary>Counts the jobs of an owner, without analyses, and what they and the owner's inputs take.</summary>
    public async Task<OwnerUse> ReadAsync(string owner, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var jobs = await database
            .Jobs.Where(job => job.Owner == owner && !job.IsAnalysis)
            .GroupBy(_ => 1)
            .Select(group => new
            {
                Count = group.Count(),
                Bytes = group.Sum(job => job.ResultBytes ?? 0),
                Expiry = group.Min(job => job.ExpiresAt),
            })
            .FirstOrDefaultAsync(cancellationToken);
        var inputs = await database
            .Uploads.Where(upload => upload.Owner == owner && upload.IsComplete)
            .SumAsync(upload => upload.Length ?? 0, cancellationToken);
        return new OwnerUse(jobs?.Count ?? 0, inputs + (jobs?.Bytes ?? 0), jobs?.Expiry);
    }
}

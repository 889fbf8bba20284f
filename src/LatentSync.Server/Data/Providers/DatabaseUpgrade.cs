using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LatentSync.Server.Data.Providers;

/// <summary>Brings the database to this version, after a copy of the old one.</summary>
internal static class DatabaseUpgrade
{
    // Machines that start together do not start at the same moment.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Runs the migrations that are missing.</summary>
    /// <exception cref="LipSyncException">The database belongs to a newer version, is damaged, or cannot be reached.</exception>
    public static async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var provider = services.GetRequiredService<IDatabaseBackend>();
        var time = services.GetRequiredService<TimeProvider>();
        for (var start = time.GetTimestamp(); ; await Task.Delay(Pause, time, cancellationToken))
        {
            try
            {
                await RunAsync(provider, cancellationToken);
                return;
            }
            catch (DbException error) when (provider.FaultOf(error) == DatabaseFault.Lasting || time.GetElapsedTime(start) > Longest)
            {
                throw provider.Unusable(error);
            }
            catch (DbException)
            {
                // It is starting.
            }
        }
    }

    private static async Task RunAsync(IDatabaseBackend provider, CancellationToken cancellationToken)
    {
        await using var database = await provider.OpenWriterAsync(cancellationToken);
        var known = database.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        var applied = (await database.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        if (applied.Find(migration => !known.Contains(migration)) is { } newer)
        {
            throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                $"The data in \"{provider.Name}\" was written by a newer latentsync ({newer}); use that one, or another data folder."
            );
        }

        if (applied.Count > 0 && applied.Count < known.Count)
        {
            await provider.BackUpAsync(applied[^1], cancellationToken);
        }

        await database.Database.MigrateAsync(cancellationToken);
    }
}

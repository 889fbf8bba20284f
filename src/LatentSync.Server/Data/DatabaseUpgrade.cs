using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LatentSync.Server.Data;

/// <summary>Brings the database to this version, after a copy of the old one.</summary>
internal static class DatabaseUpgrade
{
    /// <summary>Runs the migrations that are missing.</summary>
    /// <exception cref="LipSyncException">The database belongs to a newer version, or is damaged.</exception>
    public static async Task RunAsync(IServiceProvider services, DataFolder folder, CancellationToken cancellationToken)
    {
        await using var database = await services.GetRequiredService<IDbContextFactory<ServerDatabase>>().CreateDbContextAsync(cancellationToken);
        try
        {
            var known = database.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
            var applied = (await database.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
            if (applied.Find(migration => !known.Contains(migration)) is { } newer)
            {
                throw new LipSyncException(
                    LipSyncErrorCode.InvalidOptions,
                    $"The data in \"{folder.Path}\" was written by a newer latentsync ({newer}); use that one, or another data folder."
                );
            }

            if (applied.Count > 0 && applied.Count < known.Count)
            {
                await BackUpAsync(folder, applied[^1], cancellationToken);
            }

            await database.Database.MigrateAsync(cancellationToken);
        }
        catch (SqliteException error)
        {
            throw new LipSyncException(
                LipSyncErrorCode.OutputFailed,
                $"The database in \"{folder.Path}\" cannot be used: {error.Message} See docs/server.md for how to restore a backup.",
                error
            );
        }
    }

    /// <summary>A copy beside it that is whole, even while others read.</summary>
    private static async Task BackUpAsync(DataFolder folder, string version, CancellationToken cancellationToken)
    {
        var copy = Path.Combine(folder.Path, $"{SqliteDatabase.FileName}.before-upgrade-of-{version}");
        File.Delete(copy);
        await using var source = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder.Path, SqliteDatabase.FileName) }.ToString()
        );
        await source.OpenAsync(cancellationToken);
        await using var command = source.CreateCommand();
        command.CommandText = "VACUUM INTO $copy";
        command.Parameters.AddWithValue("$copy", copy);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

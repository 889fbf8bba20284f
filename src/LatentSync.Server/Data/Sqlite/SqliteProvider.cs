using System.Data.Common;
using LatentSync.Server.Data.Providers;
using LatentSync.Server.Settings;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Data.Sqlite;

/// <summary>The embedded database. It has one writer at a time, and what a commit costs is the flush to the disk: many changes share one.</summary>
internal sealed class SqliteProvider(IOptions<ServerSettings> settings) : IDatabaseBackend
{
    private const int ChangesOfATransaction = 256;

    public bool IsShared => false;

    public int Writers => 1;

    public int MostAtOnce => ChangesOfATransaction;

    public string Name => settings.Value.Data;

    public void Use(DbContextOptionsBuilder options) => SqliteDatabase.Use(options, settings.Value.Data);

    public Task<ServerDatabase> OpenWriterAsync(CancellationToken cancellationToken)
    {
        var options = new DbContextOptionsBuilder<ServerDatabase>();
        Use(options);
        return Task.FromResult(new ServerDatabase(options.Options));
    }

    public Task<string?> TransactionIdAsync(DbTransaction transaction) => Task.FromResult<string?>(null);

    public Task<bool> IsCommittedAsync(string transactionId) => throw new NotSupportedException();

    public DatabaseFault FaultOf(Exception error) => DatabaseFault.Lasting;

    /// <summary>A copy beside it that is whole, even while others read.</summary>
    public async Task BackUpAsync(string version, CancellationToken cancellationToken)
    {
        var file = Path.Combine(settings.Value.Data, SqliteDatabase.FileName);
        var copy = $"{file}.before-upgrade-of-{version}";
        File.Delete(copy);
        await using var source = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file }.ToString());
        await source.OpenAsync(cancellationToken);
        await using var command = source.CreateCommand();
        command.CommandText = "VACUUM INTO $copy";
        command.Parameters.AddWithValue("$copy", copy);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public LipSyncException Unusable(DbException error) =>
        new(
            LipSyncErrorCode.OutputFailed,
            $"The database in \"{settings.Value.Data}\" cannot be used: {error.Message} See docs/server.md for how to restore a backup.",
            error
        );
}

using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace LatentSync.Server.Data.Sqlite;

/// <summary>Readers beside the writer, and every commit flushed to the disk: what was accepted survives a power cut.</summary>
internal sealed class SqliteDurability : DbConnectionInterceptor
{
    private const string Settings = "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;";
    private const string Journal = "PRAGMA journal_mode = WAL; ";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = Command(connection);
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = Command(connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static DbCommand Command(DbConnection connection)
    {
        // EF Core looks whether there is a database by a connection that may not write, and a restored backup has no WAL yet.
        var isReadOnly = new SqliteConnectionStringBuilder(connection.ConnectionString).Mode == SqliteOpenMode.ReadOnly;
        var command = connection.CreateCommand();
        command.CommandText = isReadOnly ? Settings : Journal + Settings;
        return command;
    }
}

using System.Data.Common;
using LatentSync.Server.Data.Providers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace LatentSync.Server.Data.Writing;

/// <summary>
/// The connection by which the writer writes, kept from transaction to transaction with its prepared statements: EF Core puts
/// every INSERT together anew, which took a submission of five rows longer than all else.
/// </summary>
internal sealed class WriterSession : IAsyncDisposable
{
    private readonly Dictionary<IEntityType, InsertStatement> _inserts = [];

    private WriterSession(ServerDatabase database) => Database = database;

    /// <summary>Its context, which tracks what one change reads and changes.</summary>
    public ServerDatabase Database { get; }

    /// <summary>Connects.</summary>
    public static async Task<WriterSession> OpenAsync(IDatabaseBackend provider)
    {
        var database = await provider.OpenWriterAsync(CancellationToken.None);
        database.Database.AutoSavepointsEnabled = false;
        await database.Database.OpenConnectionAsync(CancellationToken.None);
        return new WriterSession(database);
    }

    /// <summary>Saves what one change did, and forgets it: a context that still held it would compare it at every later save.</summary>
    public async Task SaveAsync(DbTransaction transaction)
    {
        var entries = Database.ChangeTracker.Entries().Where(entry => entry.State != EntityState.Unchanged).ToList();
        if (entries.TrueForAll(entry => entry.State == EntityState.Added))
        {
            foreach (var entry in entries)
            {
                await Insert(entry.Metadata).RunAsync(entry, transaction);
            }
        }
        else
        {
            await Database.SaveChangesAsync(CancellationToken.None);
        }

        Database.ChangeTracker.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var insert in _inserts.Values)
        {
            await insert.DisposeAsync();
        }

        await Database.DisposeAsync();
    }

    private InsertStatement Insert(IEntityType rows)
    {
        if (!_inserts.TryGetValue(rows, out var insert))
        {
            _inserts.Add(rows, insert = new InsertStatement(Database, rows));
        }

        return insert;
    }
}

using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace LatentSync.Server.Data.Providers;

/// <summary>What differs between the databases that keep the one model.</summary>
internal interface IDatabaseBackend
{
    /// <summary>Whether other processes work on it at the same time.</summary>
    bool IsShared { get; }

    /// <summary>How many transactions this process writes at once.</summary>
    int Writers { get; }

    /// <summary>How many changes share a transaction.</summary>
    int MostAtOnce { get; }

    /// <summary>Lets contexts use it that read, or write a row by themselves.</summary>
    void Use(DbContextOptionsBuilder options);

    /// <summary>A context for a writer, which repeats what failed itself.</summary>
    Task<ServerDatabase> OpenWriterAsync(CancellationToken cancellationToken);

    /// <summary>Names a transaction before it is committed; null if a lost commit cannot happen.</summary>
    Task<string?> TransactionIdAsync(DbTransaction transaction);

    /// <summary>Whether a transaction whose commit was not answered is there.</summary>
    Task<bool> IsCommittedAsync(string transactionId);

    /// <summary>Why a change failed that may succeed when it is made again.</summary>
    DatabaseFault FaultOf(Exception error);

    /// <summary>Copies the database before an upgrade; does nothing where that is the operator's.</summary>
    /// <param name="version">The last migration that it has.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task BackUpAsync(string version, CancellationToken cancellationToken);

    /// <summary>What people are told if it cannot be opened.</summary>
    LipSyncException Unusable(DbException error);

    /// <summary>What the database is called in sentences.</summary>
    string Name { get; }
}

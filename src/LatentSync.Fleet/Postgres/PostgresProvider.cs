using System.Data.Common;
using LatentSync.Server.Data;
using LatentSync.Server.Data.Providers;
using LatentSync.Server.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LatentSync.Fleet.Postgres;

/// <summary>PostgreSQL, which many processes share.</summary>
internal sealed class PostgresProvider(IOptions<ServerSettings> settings) : IDatabaseBackend
{
    // PostgreSQL flushes the commits of several transactions together.
    private const int WritersOfAnApi = 4;
    private const int WritersOfAWorker = 2;

    // A restart takes seconds: who reads meanwhile waits instead of failing.
    private const int MostReads = 10;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly Lazy<string> _connection = new(() => PostgresConnection.Of(settings));

    public bool IsShared => true;

    public int Writers => settings.Value.Role == ServerRole.Worker ? WritersOfAWorker : WritersOfAnApi;

    public int MostAtOnce => 1;

    public string Name => new NpgsqlConnectionStringBuilder(_connection.Value) is var parts ? Invariant($"{parts.Host}/{parts.Database}") : string.Empty;

    public void Use(DbContextOptionsBuilder options) => Use(options, _connection.Value, isRetried: true);

    /// <summary>Lets a context use a database.</summary>
    public static void Use(DbContextOptionsBuilder options, string connection, bool isRetried) =>
        options
            .UseNpgsql(connection, postgres =>
            {
                postgres.MigrationsAssembly(typeof(PostgresProvider).Assembly);
                if (isRetried)
                {
                    postgres.ExecutionStrategy(dependencies => new PostgresRetries(dependencies, MostReads, LongestPause));
                }
            })
            .AddInterceptors(new PostgresLocks());

    public Task<ServerDatabase> OpenWriterAsync(CancellationToken cancellationToken)
    {
        var options = new DbContextOptionsBuilder<ServerDatabase>();
        Use(options, _connection.Value, isRetried: false);
        return Task.FromResult(new ServerDatabase(options.Options));
    }

    public async Task<string?> TransactionIdAsync(DbTransaction transaction)
    {
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = CommitMark.Query;

        // Null for one that has written nothing.
        return await command.ExecuteScalarAsync() as string;
    }

    public async Task<bool> IsCommittedAsync(string transactionId)
    {
        await using var connection = new NpgsqlConnection(_connection.Value);
        await connection.OpenAsync();
        while (true)
        {
            if (await CommitMark.Parse(transactionId).IsCommittedAsync(connection) is { } isCommitted)
            {
                return isCommitted;
            }

            // The server has not noticed yet that its client is gone.
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }

    public DatabaseFault FaultOf(Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case PostgresException
                {
                    SqlState: PostgresErrorCodes.UniqueViolation
                        or PostgresErrorCodes.DeadlockDetected
                        or PostgresErrorCodes.SerializationFailure
                        or PostgresErrorCodes.LockNotAvailable
                        or PostgresErrorCodes.DuplicateDatabase
                }:
                case DbUpdateConcurrencyException:
                    return DatabaseFault.Conflict;
                case NpgsqlException { IsTransient: true }:
                case PostgresException
                {
                    // Read-only: it was the primary, and is a standby now.
                    SqlState: PostgresErrorCodes.AdminShutdown
                        or PostgresErrorCodes.CrashShutdown
                        or PostgresErrorCodes.CannotConnectNow
                        or PostgresErrorCodes.ReadOnlySqlTransaction
                }:
                case NpgsqlException and not PostgresException:
                case IOException or System.Net.Sockets.SocketException or TimeoutException or ObjectDisposedException:
                    return DatabaseFault.Unreachable;
                default:
                    break;
            }
        }

        return DatabaseFault.Lasting;
    }

    /// <summary>Backups are the operator's: docs/fleet.md.</summary>
    public Task BackUpAsync(string version, CancellationToken cancellationToken) => Task.CompletedTask;

    public LipSyncException Unusable(DbException error) =>
        new(
            LipSyncErrorCode.OutputFailed,
            $"The database \"{Name}\" cannot be used: {error.Message} Check the setting Database, and that PostgreSQL runs.",
            error
        );
}

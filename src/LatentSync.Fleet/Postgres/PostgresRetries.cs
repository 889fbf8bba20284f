using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL;

namespace LatentSync.Fleet.Postgres;

/// <summary>
/// Reads again while the database is away. The driver does not count it as passing that none of several hosts may be written, but
/// that is what the moments are like in which a standby takes over.
/// </summary>
internal sealed class PostgresRetries(ExecutionStrategyDependencies dependencies, int most, TimeSpan longestPause)
    : NpgsqlRetryingExecutionStrategy(dependencies, most, longestPause, errorCodesToAdd: null)
{
    protected override bool ShouldRetryOn(Exception? exception) => base.ShouldRetryOn(exception) || exception is NpgsqlException and not PostgresException;
}

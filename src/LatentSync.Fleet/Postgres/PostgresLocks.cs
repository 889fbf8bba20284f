using System.Data.Common;
using LatentSync.Server.Data.Providers;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace LatentSync.Fleet.Postgres;

/// <summary>Locks the rows that a query finds, where its tag says so (<see cref="RowLocks"/>): EF Core has no word for it.</summary>
internal sealed class PostgresLocks : DbCommandInterceptor
{
    private static readonly (string Tag, string Clause)[] Clauses =
    [
        ($"-- {RowLocks.Update}\n", "\nFOR NO KEY UPDATE"),
        ($"-- {RowLocks.Share}\n", "\nFOR SHARE"),
        ($"-- {RowLocks.SkipLocked}\n", "\nFOR NO KEY UPDATE SKIP LOCKED"),
    ];

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        Lock(command);
        return result;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default
    )
    {
        Lock(command);
        return ValueTask.FromResult(result);
    }

    private static void Lock(DbCommand command)
    {
        var text = command.CommandText.ReplaceLineEndings("\n");
        foreach (var (tag, clause) in Clauses)
        {
            if (text.StartsWith(tag, StringComparison.Ordinal))
            {
                command.CommandText = text + clause;
            }
        }
    }
}

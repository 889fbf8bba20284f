using Npgsql;
using NpgsqlTypes;

namespace LatentSync.Fleet.Postgres;

/// <summary>
/// By what a transaction is recognised whose commit was not answered: its number, a place in the log after its last write, and the
/// run of the server that made it. The number alone is not enough: what was never written to the log is forgotten when the server
/// crashes, or when its standby takes over, and the same number is then given to another transaction.
/// </summary>
/// <param name="Transaction">Its number.</param>
/// <param name="Written">After its last write; its commit, if there is one, comes later.</param>
/// <param name="Run">When the server started, in microseconds.</param>
internal sealed record CommitMark(string Transaction, NpgsqlLogSequenceNumber Written, string Run)
{
    /// <summary>Asks an open transaction for its mark; null if it has written nothing.</summary>
    public const string Query = "SELECT pg_current_xact_id_if_assigned()::text || ' ' || pg_current_wal_insert_lsn()::text || ' ' || " + RunExpression;

    private const string RunExpression = "(extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint::text";

    /// <summary>Reads one that <see cref="Query"/> gave.</summary>
    public static CommitMark Parse(string text) =>
        text.Split(' ') is [var transaction, var written, var run]
            ? new CommitMark(transaction, NpgsqlLogSequenceNumber.Parse(written), run)
            : throw new FormatException("This is no mark of a transaction.");

    /// <summary>Whether the transaction was committed; null while it is under way.</summary>
    public async Task<bool?> IsCommittedAsync(NpgsqlConnection connection)
    {
        await using (var recovery = new NpgsqlCommand($"SELECT {RunExpression}, pg_last_wal_replay_lsn()", connection))
        await using (var reader = await recovery.ExecuteReaderAsync())
        {
            await reader.ReadAsync();

            // Another run that began where the log ended, after a crash or on a standby: what was written later is gone.
            var isAnotherRun = reader.GetString(0) != Run;
            if (isAnotherRun && !await reader.IsDBNullAsync(1) && reader.GetFieldValue<NpgsqlLogSequenceNumber>(1) <= Written)
            {
                return false;
            }
        }

        await using var command = new NpgsqlCommand("SELECT pg_xact_status($1::xid8)", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Transaction });
        var status = await command.ExecuteScalarAsync() as string;
        return status switch
        {
            "in progress" => null,
            "committed" => true,
            _ => false,
        };
    }
}

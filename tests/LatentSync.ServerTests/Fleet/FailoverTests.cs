using LatentSync.Fleet.Postgres;
using LatentSync.ServerTests.Support;
using LatentSync.ServerTests.Support.Machines;
using Npgsql;

namespace LatentSync.ServerTests.Fleet;

/// <summary>The machine with the database is lost: its standby takes over, and nothing is lost or done twice.</summary>
public sealed class FailoverTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task StandbyThatTakesOver_HasEverything()
    {
        await using var database = await PostgresPair.StartAsync();
        var settings = new Dictionary<string, string> { ["Database"] = await database.ConnectionAsync("failover") };
        await using var fleet = await FleetProgram.StartAsync(more: settings);
        var jobs = await FleetJobs.SubmitAsync(fleet, 12, milliseconds: 400);
        await fleet.Jobs().WaitAsync(jobs[0].Id, job => (string?)job["state"] is not ("uploading" or "queued"));

        // Jobs are still being submitted at that moment.
        var more = Task.Run(async () => await FleetJobs.SubmitAsync(fleet, 6, milliseconds: 400), Stop);
        await database.KillAsync();
        await database.PromoteAsync();
        jobs.AddRange(await more);
        jobs.AddRange(await FleetJobs.SubmitAsync(fleet, 2));
        await FleetJobs.CheckAsync(fleet, jobs);
    }

    /// <summary>
    /// A transaction of which nothing had reached the disk is lost in a crash, and its number given to another: by the number alone it
    /// would seem to be there.
    /// </summary>
    [Fact]
    public async Task LostTransaction_IsNotTakenForAnotherOfItsNumber()
    {
        await using var database = await PostgresPair.StartAsync(hasStandby: false);
        var address = new NpgsqlConnectionStringBuilder(await database.ConnectionAsync("postgres")) { Pooling = false }.ToString();
        await ExecuteAsync(address, "ALTER SYSTEM SET wal_writer_delay = '10s'");
        await ExecuteAsync(address, "SELECT pg_reload_conf()");
        await ExecuteAsync(address, "CREATE TABLE seen (number bigint)");
        await ExecuteAsync(address, "CHECKPOINT");

        CommitMark lost;
        await using (var connection = new NpgsqlConnection(address))
        {
            await connection.OpenAsync(Stop);
            await using var transaction = await connection.BeginTransactionAsync(Stop);
            await using var insert = new NpgsqlCommand("INSERT INTO seen VALUES (1)", connection, transaction);
            await insert.ExecuteNonQueryAsync(Stop);
            await using var mark = new NpgsqlCommand(CommitMark.Query, connection, transaction);
            lost = CommitMark.Parse((string)(await mark.ExecuteScalarAsync(Stop))!);
            await database.KillAsync();
        }

        await database.RestartAsync();
        CommitMark made;
        do
        {
            made = await CommitAsync(address);
        } while (
            long.Parse(made.Transaction, System.Globalization.CultureInfo.InvariantCulture)
            < long.Parse(lost.Transaction, System.Globalization.CultureInfo.InvariantCulture)
        );

        Assert.Equal(lost.Transaction, made.Transaction);
        await using var open = new NpgsqlConnection(address);
        await open.OpenAsync(Stop);
        Assert.True(await made.IsCommittedAsync(open));
        Assert.False(await lost.IsCommittedAsync(open));
    }

    private static async Task<CommitMark> CommitAsync(string address)
    {
        await using var connection = new NpgsqlConnection(address);
        await connection.OpenAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        await using var insert = new NpgsqlCommand("INSERT INTO seen VALUES (2)", connection, transaction);
        await insert.ExecuteNonQueryAsync(Stop);
        await using var mark = new NpgsqlCommand(CommitMark.Query, connection, transaction);
        var made = CommitMark.Parse((string)(await mark.ExecuteScalarAsync(Stop))!);
        await transaction.CommitAsync(Stop);
        return made;
    }

    private static async Task ExecuteAsync(string address, string text)
    {
        await using var connection = new NpgsqlConnection(address);
        await connection.OpenAsync(Stop);
        await using var command = new NpgsqlCommand(text, connection);
        await command.ExecuteNonQueryAsync(Stop);
    }
}

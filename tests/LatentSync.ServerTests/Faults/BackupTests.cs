using LatentSync.ServerTests.Support;
using LatentSync.TestKit;
using Microsoft.Data.Sqlite;

namespace LatentSync.ServerTests.Faults;

/// <summary>What docs/server.md says of backup, restore and upgrade.</summary>
public sealed class BackupTests
{
    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal) { ["MinFreeBytes"] = "0" };

    private static readonly string[] Folders = ["uploads", "jobs"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task RestoredBackup_ServesItsJobs()
    {
        using var folder = new TemporaryFolder();
        var (data, database) = (folder.File("data"), folder.File("data/server.db"));
        var copies = Directory.CreateDirectory(folder.File("copies")).FullName;
        string before,
            after;
        await using (var server = await ServerProgram.StartAsync(data, Settings))
        {
            before = await DoneAsync(server);
            await SqlAsync(database, $"VACUUM INTO '{copies.Replace("'", "''", StringComparison.Ordinal)}/server.db'");
            CopyFolders(data, copies);
            after = await DoneAsync(server);
            await server.StopAsync();
        }

        Directory.Delete(data, recursive: true);
        Directory.CreateDirectory(data);
        File.Copy($"{copies}/server.db", database);
        CopyFolders(copies, data);
        await using var restored = await ServerProgram.StartAsync(data, Settings);
        Assert.Equal(JobClient.Expected(1), await restored.Client.GetStringAsync($"/v1/jobs/{before}/result", Stop));
        using var lost = await restored.Client.GetAsync($"/v1/jobs/{after}", Stop);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, lost.StatusCode);
        await DoneAsync(restored);
    }

    [Fact]
    public async Task Upgrade_KeepsJobs_AndACopyOfTheDatabase()
    {
        using var folder = new TemporaryFolder();
        var (data, database) = (folder.File("data"), folder.File("data/server.db"));
        string id;
        await using (var server = await ServerProgram.StartAsync(data, Settings))
        {
            id = await DoneAsync(server);
            await server.StopAsync();
        }

        // As the version left it that had no fleets.
        await SqlAsync(
            database,
            """
            DROP TABLE "UploadParts";
            DROP TABLE "Workers";
            ALTER TABLE "Work" DROP COLUMN "Digest";
            ALTER TABLE "Work" DROP COLUMN "DispatchedAt";
            DROP INDEX "IX_Work_State_Rank_Owner_Place_Id";
            DROP INDEX "IX_Work_Owner_TakenAt";
            ALTER TABLE "Work" DROP COLUMN "Owner";
            ALTER TABLE "Work" DROP COLUMN "Place";
            ALTER TABLE "Work" DROP COLUMN "Model";
            ALTER TABLE "Work" DROP COLUMN "Version";
            ALTER TABLE "Work" DROP COLUMN "RaceOf";
            ALTER TABLE "Work" DROP COLUMN "TakenAt";
            ALTER TABLE "Work" DROP COLUMN "Seconds";
            ALTER TABLE "Jobs" DROP COLUMN "Number";
            ALTER TABLE "Jobs" DROP COLUMN "Model";
            ALTER TABLE "Jobs" DROP COLUMN "Version";
            CREATE INDEX "IX_Work_State_Rank_JobCreatedAt_Id" ON "Work" ("State", "Rank", "JobCreatedAt", "Id");
            DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" LIKE '%_Fleet' OR "MigrationId" LIKE '%_Scheduling';
            """
        );
        await using var upgraded = await ServerProgram.StartAsync(data, Settings);
        Assert.Equal(JobClient.Expected(1), await upgraded.Client.GetStringAsync($"/v1/jobs/{id}/result", Stop));
        await DoneAsync(upgraded);
        Assert.Single(Directory.GetFiles(data, "server.db.before-upgrade-of-*_WorkRank"));
    }

    private static async Task<string> DoneAsync(ServerProgram server)
    {
        var jobs = new JobClient(server.Client);
        var id = await jobs.SubmitAsync();
        Assert.Equal("succeeded", (string?)(await jobs.WaitAsync(id))["state"]);
        return id;
    }

    private static async Task SqlAsync(string database, string text)
    {
        await using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        await connection.OpenAsync(Stop);
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        await command.ExecuteNonQueryAsync(Stop);
    }

    private static void CopyFolders(string from, string to)
    {
        foreach (var file in Folders.SelectMany(name => Directory.GetFiles(Path.Combine(from, name), "*", SearchOption.AllDirectories)))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}

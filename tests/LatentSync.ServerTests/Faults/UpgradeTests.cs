using LatentSync.ServerTests.Support;
using LatentSync.TestKit;

namespace LatentSync.ServerTests.Faults;

/// <summary>Jobs that were begun by another version.</summary>
public sealed class UpgradeTests
{
    [Theory]
    [InlineData(TestDatabase.Sqlite)]
    [InlineData(TestDatabase.Postgres, Explicit = true)]
    public async Task JobOfTheVersionBefore_BeginsAnew(TestDatabase database)
    {
        var stop = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        string id;
        await using (var server = await StartAsync("version=1"))
        {
            id = await new JobClient(server.Client).SubmitAsync(JobClient.Seed(segments: 4, milliseconds: 500));
            await new JobClient(server.Client).WaitAsync(id, job => (int?)job["segments"]!["done"] == 1);
            await server.StopAsync();
        }

        await using var next = await StartAsync("version=2");
        var job = await new JobClient(next.Client).WaitAsync(id);
        Assert.True((string?)job["state"] == "succeeded", job.ToJsonString());
        Assert.Equal(JobClient.Expected(4), await next.Client.GetStringAsync($"/v1/jobs/{id}/result", stop));
        Assert.Equal(2, (int?)job["attempt"]);
        var events = await next.Client.GetStringAsync($"/v1/jobs/{id}/events", stop);
        Assert.Contains("No worker with the version that began this job (1, ffmpeg ", events, StringComparison.Ordinal);
        Assert.DoesNotContain("work_failed", events, StringComparison.Ordinal);

        Task<ServerProgram> StartAsync(string version)
        {
            var settings = new Dictionary<string, string>(MixedFleetFixture.Engine(version), StringComparer.Ordinal)
            {
                ["Devices:0"] = "cpu",
                ["MinFreeBytes"] = "0",
                ["StopGrace"] = "00:00:00",
                ["VersionPatience"] = "00:00:01",
            };
            return ServerProgram.StartAsync(folder.File("data"), settings, database: database);
        }
    }
}

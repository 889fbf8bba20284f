using LatentSync.ServerTests.Support;
using LatentSync.TestKit;

namespace LatentSync.ServerTests.Faults;

/// <summary>Whatever is killed at whatever moment, every job ends right, once.</summary>
public sealed class KillTests
{
    private const string LongTests = "LATENTSYNC_LONG_TESTS";
    private const int Jobs = 12;
    private const int Segments = 4;

    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        ["Devices:0"] = "cpu",
        ["Devices:1"] = "auto",
        ["MinFreeBytes"] = "0",
        ["Lease"] = "00:00:05",

        // Kills are counted as failures of the work in hand, and here they come every second.
        ["Attempts"] = "50",
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static int Kills => Environment.GetEnvironmentVariable(LongTests) is null ? 4 : 100;

    [Theory]
    [InlineData(TestDatabase.Sqlite)]
    [InlineData(TestDatabase.Postgres, Explicit = true)]
    public async Task KilledServer_LosesAndRepeatsNothing(TestDatabase database)
    {
        using var folder = new TemporaryFolder();
        var random = new Random(1);
        var server = await ServerProgram.StartAsync(folder.File("data"), Settings, database: database);
        try
        {
            var jobs = await SubmitAsync(server);
            for (var kill = 0; kill < Kills; kill++)
            {
                await Task.Delay(random.Next(100, 1500), Stop);
                await server.KillAsync();
                await server.DisposeAsync();
                server = await ServerProgram.StartAsync(folder.File("data"), Settings, database: database);
                if (kill % Jobs == Jobs - 1)
                {
                    jobs.AddRange(await SubmitAsync(server));
                }
            }

            await CheckAsync(server, jobs);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(TestDatabase.Sqlite)]
    [InlineData(TestDatabase.Postgres, Explicit = true)]
    public async Task KilledEngines_CostASegment(TestDatabase database)
    {
        using var folder = new TemporaryFolder();
        var random = new Random(2);
        await using var server = await ServerProgram.StartAsync(folder.File("data"), Settings, database: database);
        var jobs = await SubmitAsync(server);
        for (var kill = 0; kill < Kills; kill++)
        {
            await Task.Delay(random.Next(50, 700), Stop);
            if (Victims.Children(server.ProcessId) is { Count: > 0 } engines)
            {
                Victims.Kill(engines[random.Next(engines.Count)]);
            }

            if (kill % Jobs == Jobs - 1)
            {
                jobs.AddRange(await SubmitAsync(server));
            }
        }

        await CheckAsync(server, jobs);
    }

    [Theory]
    [InlineData(TestDatabase.Sqlite)]
    [InlineData(TestDatabase.Postgres, Explicit = true)]
    public async Task StoppedServer_FinishesTheSegmentInHand(TestDatabase database)
    {
        using var folder = new TemporaryFolder();
        string id;
        await using (var server = await ServerProgram.StartAsync(folder.File("data"), Settings, database: database))
        {
            id = await new JobClient(server.Client).SubmitAsync(JobClient.Seed(segments: 3, milliseconds: 1500));
            await new JobClient(server.Client).WaitAsync(id, job => (string?)job["state"] == "generating");
            await Task.Delay(300, Stop);
            Assert.Equal(0, await server.StopAsync());
        }

        await using var next = await ServerProgram.StartAsync(folder.File("data"), Settings, database: database);
        var jobs = new JobClient(next.Client);
        Assert.InRange((int)(await jobs.GetAsync(id))["segments"]!["done"]!, 1, 3);
        Assert.Equal("succeeded", (string?)(await jobs.WaitAsync(id))["state"]);
        Assert.Equal(JobClient.Expected(3), await next.Client.GetStringAsync($"/v1/jobs/{id}/result", Stop));
    }

    [Fact]
    public async Task SecondServer_IsRefusedTheFolder()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProgram.StartAsync(folder.File("data"), Settings);
        var (code, _, error) = await ServerProgram.RunAsync("serve", "--data", folder.File("data"), "--listen", "http://127.0.0.1:0");
        Assert.Equal(6, code);
        Assert.Contains("Another server works in", error, StringComparison.Ordinal);
    }

    private static async Task<List<string>> SubmitAsync(ServerProgram server)
    {
        var client = new JobClient(server.Client);
        var jobs = new List<string>();
        for (var i = 0; i < Jobs; i++)
        {
            jobs.Add(await client.SubmitAsync(JobClient.Seed(Segments, milliseconds: 100)));
        }

        return jobs;
    }

    private static async Task CheckAsync(ServerProgram server, List<string> jobs)
    {
        var client = new JobClient(server.Client);
        foreach (var id in jobs)
        {
            var job = await client.WaitAsync(id);
            Assert.True((string?)job["state"] == "succeeded", job.ToJsonString());
            Assert.Equal(JobClient.Expected(Segments), await server.Client.GetStringAsync($"/v1/jobs/{id}/result", Stop));

            // Each segment counted once, one end.
            var events = (await server.Client.GetStringAsync($"/v1/jobs/{id}/events", Stop)).Split("\n\n");
            Assert.Equal(Segments, events.Count(text => text.Contains("\"kind\":\"segment\"", StringComparison.Ordinal)));
            Assert.Single(events, text =>
                text.Contains("\"kind\":\"state\"", StringComparison.Ordinal) && text.Contains("\"state\":\"succeeded\"", StringComparison.Ordinal)
            );
        }
    }
}

using LatentSync.ServerTests.Clients;
using LatentSync.ServerTests.Support;
using LatentSync.TestKit;

namespace LatentSync.ServerTests.Deploy;

/// <summary>The files of <c>deploy/</c> are what Kubernetes, KEDA, Prometheus and Grafana take, and name metrics that the server has.</summary>
public sealed class DeployTests
{
    // The engine of the tests refuses the input.
    private const int InvalidInput = 4;

    private static readonly string Folder = Path.Combine(RepositoryFolder.Path, "deploy");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("manifests")]
    [InlineData("references")]
    [InlineData("dashboard")]
    public Task Files_AreRight(string name) => CheckAsync(name);

    [Fact(Explicit = true)]
    public async Task Metrics_OfDashboardAlertsAndScaling_AreThoseOfTheServer()
    {
        await using var fleet = await FleetProgram.StartAsync(apis: 1, workers: 1, devices: 1, device: "cuda:0");
        string[] ids =
        [
            await fleet.Jobs().SubmitAsync(JobClient.Seed(fault: InvalidInput)),
            await fleet.Jobs().SubmitAsync(JobClient.Seed(segments: 2, milliseconds: 200)),
        ];
        foreach (var id in ids)
        {
            await fleet.Jobs().WaitAsync(id);
        }

        using var folder = new TemporaryFolder();
        var answers = await Task.WhenAll(fleet.Apis.Concat(fleet.Workers).Select(process => process.Client.GetStringAsync("/metrics", Stop)));
        await File.WriteAllTextAsync(folder.File("metrics"), string.Join('\n', answers), Stop);
        await CheckAsync("metrics", new KeyValuePair<string, string>("METRICS", folder.File("metrics")));

        // A thousand workers are not to count all jobs each time somebody looks at one of them.
        Assert.Contains("latentsync_queue_seconds", answers[0], StringComparison.Ordinal);
        Assert.DoesNotContain("latentsync_queue_seconds", answers[1], StringComparison.Ordinal);
        Assert.Matches("latentsync_workers\\{[^}]*state=\"busy\"", answers[0]);
    }

    private static Task CheckAsync(string name, params KeyValuePair<string, string>[] more) =>
        NpmClients.RunAsync("deploy.mjs", name, new Dictionary<string, string>(more) { ["DEPLOY"] = Folder });
}

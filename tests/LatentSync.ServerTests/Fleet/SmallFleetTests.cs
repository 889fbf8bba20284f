using System.Diagnostics;
using System.Text;
using LatentSync.ServerTests.Support;
using LatentSync.TestKit;

namespace LatentSync.ServerTests.Fleet;

/// <summary>Small fleets with engines that sleep, timed: bench/LatentSync.FleetLoad compares its simulation with them (docs/scale.md).</summary>
public sealed class SmallFleetTests
{
    [Fact(Explicit = true)]
    public async Task SmallFleets_AreTimed()
    {
        var table = new StringBuilder();
        table
            .AppendLine("| workers | jobs | segments of each | sleep of a segment, ms | all ended after, s | load |")
            .AppendLine("|---:|---:|---:|---:|---:|---:|");
        foreach (var workers in new[] { 1, 2, 4, 8 })
        {
            await using var fleet = await FleetProgram.StartAsync(apis: 1, workers: (workers + 1) / 2, devices: Math.Min(workers, 2));

            // Engines are started, which takes this machine seconds.
            await FleetJobs.CheckAsync(fleet, await FleetJobs.SubmitAsync(fleet, 2 * workers, milliseconds: 500, mostSegments: 2));
            await MeasureAsync(fleet, table, workers, jobs: 1, segments: 48, milliseconds: 1000);
            await MeasureAsync(fleet, table, workers, jobs: 4 * workers, segments: 6, milliseconds: 500);
            await MeasureAsync(fleet, table, workers, jobs: 1, segments: 100, milliseconds: 0);
        }

        var folder = Path.Combine(RepositoryFolder.Path, "artifacts", "fleet");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "small.md"), table.ToString(), TestContext.Current.CancellationToken);
    }

    private static async Task MeasureAsync(FleetProgram fleet, StringBuilder table, int workers, int jobs, int segments, int milliseconds)
    {
        var client = fleet.Jobs();
        var start = Stopwatch.GetTimestamp();
        var ids = await Task.WhenAll(Enumerable.Range(0, jobs).Select(_ => client.SubmitAsync(JobClient.Seed(segments, milliseconds))));
        foreach (var id in ids)
        {
            var job = await client.WaitAsync(id);
            Assert.True((string?)job["state"] == "succeeded", job.ToJsonString());
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var load = (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0];
        table.AppendLine(Invariant($"| {workers} | {jobs} | {segments} | {milliseconds} | {seconds:0.0} | {load} |"));
    }
}

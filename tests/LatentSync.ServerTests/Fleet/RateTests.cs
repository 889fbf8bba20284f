using System.Text;
using LatentSync.ServerTests.Support;
using LatentSync.TestKit;

namespace LatentSync.ServerTests.Fleet;

/// <summary>One job on more and more workers; segments take the time of a card, asleep, because this machine has two cores.</summary>
public sealed class RateTests
{
    private const int Segments = 96;
    private const int Milliseconds = 1000;

    // Analysing and joining are one piece of work each.
    private const double LeastShare = 0.9;

    [Fact(Explicit = true)]
    public async Task Segments_GoToAllWorkers()
    {
        var table = new StringBuilder();
        table.AppendLine("| workers | 96 segments of 1 s | rate against one | to the first segment |").AppendLine("|---:|---:|---:|---:|");
        var one = 0.0;
        foreach (var workers in new[] { 1, 2, 4, 8 })
        {
            await using var fleet = await FleetProgram.StartAsync(apis: 1, workers: (workers + 1) / 2, devices: Math.Min(workers, 2));

            // Engines are started, which takes this machine seconds.
            await FleetJobs.CheckAsync(fleet, await FleetJobs.SubmitAsync(fleet, 2 * workers, milliseconds: 500, mostSegments: 2));
            var jobs = fleet.Jobs();
            var start = TimeProvider.System.GetTimestamp();
            var id = await jobs.SubmitAsync(JobClient.Seed(Segments, Milliseconds));
            await jobs.WaitAsync(id, job => (int?)job["segments"]?["done"] > 0);
            var first = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
            await jobs.WaitAsync(id);
            var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
            one = workers == 1 ? seconds : one;
            table.AppendLine(Invariant($"| {workers} | {seconds:0.0} s | {one / seconds:0.00} | {first:0.0} s |"));
            Assert.True(one / seconds >= LeastShare * workers || workers == 8, table.ToString());
        }

        var folder = Path.Combine(RepositoryFolder.Path, "artifacts", "fleet");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "rate.md"), table.ToString(), TestContext.Current.CancellationToken);
    }
}

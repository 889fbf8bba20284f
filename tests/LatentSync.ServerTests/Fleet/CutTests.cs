using System.Diagnostics;
using System.Globalization;
using System.Text;
using LatentSync.ServerTests.Support;
using LatentSync.ServerTests.Support.Machines;
using LatentSync.TestKit;

namespace LatentSync.ServerTests.Fleet;

/// <summary>The network between two machines is cut for a minute, in each place where there is one.</summary>
public sealed class CutTests
{
    private const string SecondsVariable = "LATENTSYNC_CUT_SECONDS";
    private const int DefaultSeconds = 60;
    private const int Jobs = 6;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static int Seconds =>
        int.TryParse(Environment.GetEnvironmentVariable(SecondsVariable), CultureInfo.InvariantCulture, out var seconds) ? seconds : DefaultSeconds;

    [Fact(Explicit = true)]
    public async Task CutNetwork_DelaysJobsOnly()
    {
        await using var lab = await NetworkLab.StartAsync();
        await using var fleet = await FleetProgram.StartAsync(apis: 1, workers: 2, devices: 1, lab: lab);
        var table = new StringBuilder();
        table.AppendLine("| cut for | between | jobs that ended meanwhile | all ended after the cut, s |").AppendLine("|---:|---|---:|---:|");
        string[][] cuts =
        [
            ["worker1", "database", "broker", "storage"],
            ["api1", "database"],
            ["worker1", "database"],
            ["worker1", "storage"],
            ["worker1", "broker"],
            ["api1", "storage"],
            ["api1", "broker"],
        ];
        foreach (var cut in cuts)
        {
            var jobs = await FleetJobs.SubmitAsync(fleet, Jobs, milliseconds: 2000);
            await fleet.Jobs().WaitAsync(jobs[0].Id, job => (string?)job["state"] is not ("uploading" or "queued"));
            foreach (var other in cut[1..])
            {
                await lab.CutAsync(cut[0], other);
            }

            await Task.Delay(TimeSpan.FromSeconds(Seconds), Stop);
            foreach (var other in cut[1..])
            {
                await lab.HealAsync(cut[0], other);
            }

            var (start, ended) = (Stopwatch.GetTimestamp(), 0);
            foreach (var (id, _) in jobs)
            {
                ended += (string?)(await fleet.Jobs().GetAsync(id))["state"] == "succeeded" ? 1 : 0;
            }

            jobs.AddRange(await FleetJobs.SubmitAsync(fleet, 2));
            await FleetJobs.CheckAsync(fleet, jobs);
            var after = Stopwatch.GetElapsedTime(start).TotalSeconds;
            table.AppendLine(Invariant($"| {Seconds} s | {cut[0]}, {string.Join(" and ", cut[1..])} | {ended} of {Jobs} | {after:0} |"));
            await WriteAsync(table.ToString());
        }
    }

    private static async Task WriteAsync(string text)
    {
        var folder = Path.Combine(RepositoryFolder.Path, "artifacts", "fleet");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "cuts.md"), text, Stop);
    }
}

using System.Diagnostics;
using LatentSync.ServerTests.Support;
using LatentSync.TestKit;

namespace LatentSync.ServerTests.Scheduling;

/// <summary>Nobody who waits for a result waits for the score of another.</summary>
public sealed class YieldTests
{
    // As the test engine numbers it: a score takes half a minute.
    private const int SlowScore = 8;

    private static readonly Dictionary<string, string> OneWorker = new(StringComparer.Ordinal) { ["Devices:0"] = "cpu" };

    [Fact]
    public async Task Score_GivesWayToAJob_AndComesAfterIt()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProgram.StartAsync(folder.File("data"), OneWorker);
        var jobs = new JobClient(server.Client);
        var first = await jobs.SubmitAsync(JobClient.Seed(fault: SlowScore));
        await jobs.WaitAsync(first);

        // The only worker is at the score now, for 30 s if it is let.
        var watch = Stopwatch.StartNew();
        var second = await jobs.SubmitAsync();
        Assert.Equal("succeeded", (string?)(await jobs.WaitAsync(second))["state"]);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20);

        // What was begun is begun again.
        Assert.Equal(0.9, (double?)(await jobs.WaitAsync(first, job => job["score"] is not null))["score"]!["correlation"]);
    }
}

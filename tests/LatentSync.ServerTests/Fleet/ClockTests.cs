using LatentSync.ServerTests.Support;

namespace LatentSync.ServerTests.Fleet;

/// <summary>Machines whose clocks are minutes off: the database's time counts.</summary>
public sealed class ClockTests
{
    [Fact(Explicit = true)]
    public async Task WrongClocks_TakeNobodysLease()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/faketime"), "faketime is not installed; on Debian and Ubuntu: apt-get install faketime.");
        await using var fleet = await FleetProgram.StartAsync(apis: 1, workers: 1, devices: 1);
        await using var early = await fleet.StartAsync("worker", "/usr/bin/faketime", "-f", "-10m");
        await using var late = await fleet.StartAsync("worker", "/usr/bin/faketime", "-f", "+10m");
        await AssertOffAsync(early, -10);
        await AssertOffAsync(late, 10);

        // Long enough that a lease that seemed to have ended would be taken in the middle.
        var jobs = await FleetJobs.SubmitAsync(fleet, 5, milliseconds: 2000, mostSegments: 2);
        await FleetJobs.CheckAsync(fleet, jobs);
        var events = await Task.WhenAll(
            jobs.Select(job => fleet.Apis[0].Client.GetStringAsync($"/v1/jobs/{job.Id}/events", TestContext.Current.CancellationToken))
        );
        Assert.DoesNotContain(events, text => text.Contains("work_failed", StringComparison.Ordinal));
    }

    private static async Task AssertOffAsync(ServerProgram process, int minutes)
    {
        using var answer = await process.Client.GetAsync("/healthz", TestContext.Current.CancellationToken);
        Assert.Equal(minutes, (answer.Headers.Date!.Value - TimeProvider.System.GetUtcNow()).TotalMinutes, tolerance: 1);
    }
}

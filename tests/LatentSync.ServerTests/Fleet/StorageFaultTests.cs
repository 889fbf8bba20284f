using LatentSync.ServerTests.Support;

namespace LatentSync.ServerTests.Fleet;

/// <summary>Storage that answers 500, slowly, or half: work waits for it, and nothing half-written is ever taken for a file.</summary>
public sealed class StorageFaultTests
{
    [Fact]
    public async Task FlakyStorage_DelaysJobsOnly()
    {
        var stop = TestContext.Current.CancellationToken;
        var services = await TestServices.Calm.FleetAsync(nameof(StorageFaultTests));
        await using var proxy = new FlakyProxy(new Uri(services["Store:Endpoint"]));
        await using var fleet = await FleetProgram.StartAsync(apis: 1, workers: 1, more: new Dictionary<string, string> { ["Store:Endpoint"] = proxy.Address });
        var jobs = await FleetJobs.SubmitAsync(fleet, 8);
        foreach (var mischief in new[] { Mischief.Fail, Mischief.Cut, Mischief.Slow, Mischief.Fail, Mischief.Cut })
        {
            proxy.Do(mischief);
            await Task.Delay(TimeSpan.FromSeconds(1), stop);
        }

        proxy.Do(Mischief.None);
        Assert.True(proxy.Disturbed > 0);
        await FleetJobs.CheckAsync(fleet, jobs);
    }
}

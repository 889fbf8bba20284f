using LatentSync.ServerTests.Support;

namespace LatentSync.ServerTests.Fleet;

/// <summary>Storage that answers 500, slowly, or half: work waits for it, and nothing half-written is ever taken for a file.</summary>
public sealed class StorageFaultTests
{
    [Fact]
    public Task FlakyStorage_DelaysJobsOnly() => DisturbAsync(Mischief.Fail, Mischief.Cut, Mischief.Slow, Mischief.Fail, Mischief.Cut);

    /// <summary>A worker gets other bytes than another had put there: their digest tells, and they are not used.</summary>
    [Fact(Explicit = true)]
    public Task OtherBytes_AreNotUsed() => DisturbAsync(Mischief.Spoil, Mischief.Spoil);

    private static async Task DisturbAsync(params Mischief[] all)
    {
        var stop = TestContext.Current.CancellationToken;
        var services = await TestServices.Calm.FleetAsync(nameof(StorageFaultTests));
        await using var proxy = new FlakyProxy(new Uri(services["Store:Endpoint"]));
        await using var fleet = await FleetProgram.StartAsync(apis: 1, workers: 1, more: new Dictionary<string, string> { ["Store:Endpoint"] = proxy.Address });
        var jobs = await FleetJobs.SubmitAsync(fleet, 8);
        foreach (var mischief in all)
        {
            proxy.Do(mischief);
            await Task.Delay(TimeSpan.FromSeconds(1), stop);
        }

        proxy.Do(Mischief.None);
        Assert.True(proxy.Disturbed > 0);
        await FleetJobs.CheckAsync(fleet, jobs);
    }
}

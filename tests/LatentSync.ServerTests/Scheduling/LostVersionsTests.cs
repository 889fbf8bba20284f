using LatentSync.Server.Data;
using LatentSync.Server.Jobs;
using LatentSync.Server.Work.Scheduling;
using LatentSync.ServerTests.Support;
using Microsoft.EntityFrameworkCore;

namespace LatentSync.ServerTests.Scheduling;

/// <summary>A job whose version is gone begins anew, and none that can go on.</summary>
public sealed class LostVersionsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task JobOfALostVersion_BeginsAnew()
    {
        await using var setup = await QueueSetup.CreateAsync(TestDatabase.Postgres);
        var (lost, kept) = (await setup.AddAsync("a", segments: 3, version: "1"), await setup.AddAsync("a", segments: 3, version: "2"));
        await setup.DoAsync(new WorkRequest("old/0") { Version = "1" });

        // Nobody could do it any better.
        Assert.Equal(0, await BeginAnewAsync(setup));
        await setup.SayAsync("old/0", "1", hasStopped: true);
        await setup.SayAsync("new/0", "2");

        // It may be restarting.
        Assert.Equal(0, await BeginAnewAsync(setup));
        await using (var database = await setup.OpenAsync())
        {
            var before = setup.Now - TimeSpan.FromMinutes(11);
            await database.Workers.Where(row => row.Name == "old/0").ExecuteUpdateAsync(set => set.SetProperty(row => row.SeenAt, before), Stop);
        }

        Assert.Equal(1, await BeginAnewAsync(setup));
        Assert.Equal(0, await BeginAnewAsync(setup));
        await using (var database = await setup.OpenAsync())
        {
            var job = await database.Jobs.FirstAsync(job => job.Id == lost.Id, Stop);
            Assert.Equal((JobState.Queued, 2, 0, (string?)null), (job.State, job.Attempt, job.SegmentsDone, job.Version));
            var open = await database.Work.Where(work => work.JobId == lost.Id && work.State != WorkState.Dropped).ToListAsync(Stop);
            Assert.Equal((WorkKind.Analyse, WorkState.Ready), (Assert.Single(open).Kind, open[0].State));
            Assert.Equal(3, await database.Work.CountAsync(work => work.JobId == kept.Id && work.State == WorkState.Ready, Stop));
        }
    }

    private static Task<int> BeginAnewAsync(QueueSetup setup) => setup.Get<LostVersions>().BeginAnewAsync(Stop);
}

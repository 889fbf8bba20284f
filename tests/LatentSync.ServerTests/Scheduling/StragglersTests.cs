using LatentSync.Server.Data;
using LatentSync.Server.Work;
using LatentSync.Server.Work.Scheduling;
using LatentSync.ServerTests.Support;
using Microsoft.EntityFrameworkCore;

namespace LatentSync.ServerTests.Scheduling;

/// <summary>A slow segment at the end of a job is made twice, and counts once.</summary>
public sealed class StragglersTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(TestDatabase.Sqlite)]
    [InlineData(TestDatabase.Postgres)]
    public async Task FirstOfTwo_Counts(TestDatabase database)
    {
        await using var setup = await QueueSetup.CreateAsync(database);
        var slow = await BeginAsync(setup, seconds: 61);
        Assert.Equal(1, await setup.Get<Stragglers>().RaceAsync(Stop));
        Assert.Equal(0, await setup.Get<Stragglers>().RaceAsync(Stop));

        // Whatever else waits comes first.
        await setup.AddAsync("b", segments: 1);
        Assert.Equal("b", (await setup.DoAsync()).Owner);
        var race = await setup.TakeAsync();
        Assert.Equal((slow.Item.Segment, slow.Item.Id), (race.Item.Segment, race.Item.RaceOf));
        Assert.True(await setup.Queue.CompleteAsync(race, (_, _) => Task.CompletedTask));
        Assert.False(await setup.Queue.RenewAsync(slow, Stop));
        Assert.False(await setup.Queue.CompleteAsync(slow, (_, _) => Task.CompletedTask));
        await AssertOnceAsync(setup, slow.Job.Id);
    }

    [Theory]
    [InlineData(TestDatabase.Sqlite)]
    [InlineData(TestDatabase.Postgres)]
    public async Task SlowWorker_MayStillBeFirst(TestDatabase database)
    {
        await using var setup = await QueueSetup.CreateAsync(database);
        var slow = await BeginAsync(setup, seconds: 61);
        Assert.Equal(1, await setup.Get<Stragglers>().RaceAsync(Stop));
        var race = await setup.TakeAsync();
        await setup.Queue.FailAsync(race, new WorkFailure("engine_lost", "It fell."));
        Assert.True(await setup.Queue.CompleteAsync(slow, (_, _) => Task.CompletedTask));
        Assert.Null(await setup.Queue.TakeAsync(new WorkRequest("test/0"), Stop));
        await AssertOnceAsync(setup, slow.Job.Id);
    }

    [Fact]
    public async Task OrdinarySegments_AreMadeOnce()
    {
        await using var setup = await QueueSetup.CreateAsync(TestDatabase.Sqlite);
        await BeginAsync(setup, seconds: 59);
        Assert.Equal(0, await setup.Get<Stragglers>().RaceAsync(Stop));
    }

    /// <summary>Three segments that took 30 s, and one that has been in hand for longer.</summary>
    private static async Task<LeasedWork> BeginAsync(QueueSetup setup, double seconds)
    {
        await setup.AddAsync("a", segments: 4);
        for (var i = 0; i < 3; i++)
        {
            await setup.DoAsync();
        }

        var slow = await setup.TakeAsync();
        await using var database = await setup.OpenAsync();
        var taken = setup.Now - TimeSpan.FromSeconds(seconds);
        await database.Work.Where(work => work.State == WorkState.Done).ExecuteUpdateAsync(set => set.SetProperty(work => work.Seconds, 30), Stop);
        await database.Work.Where(work => work.Id == slow.Item.Id).ExecuteUpdateAsync(set => set.SetProperty(work => work.TakenAt, taken), Stop);
        return slow;
    }

    private static async Task AssertOnceAsync(QueueSetup setup, string job)
    {
        await using var database = await setup.OpenAsync();
        var done = await database.Work.Where(work => work.JobId == job && work.State == WorkState.Done).Select(work => work.Segment).ToListAsync(Stop);
        Assert.Equal([0, 1, 2, 3], done.Order());
        Assert.False(await database.Work.AnyAsync(work => work.JobId == job && (work.State == WorkState.Ready || work.State == WorkState.Leased), Stop));
    }
}

using LatentSync.Server.Work;
using LatentSync.Server.Work.Scheduling;
using LatentSync.ServerTests.Support;

namespace LatentSync.ServerTests.Scheduling;

/// <summary>Which work a worker gets.</summary>
public sealed class WorkOrderTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(TestDatabase.Sqlite)]
    [InlineData(TestDatabase.Postgres)]
    public async Task OneOwnersThousandJobs_DoNotHoldBackAnothersFirst(TestDatabase database)
    {
        await using var setup = await QueueSetup.CreateAsync(database);
        await setup.AddManyAsync(1000, _ => "many");
        await setup.DoAsync();
        await setup.DoAsync();
        await setup.AddManyAsync(3, _ => "few");

        // One worker: they take turns, whoever has more.
        string[] expected = ["few", "many", "few", "many", "few", "many", "many"];
        foreach (var owner in expected)
        {
            Assert.Equal(owner, (await setup.DoAsync()).Owner);
        }
    }

    [Theory]
    [InlineData(TestDatabase.Sqlite)]
    [InlineData(TestDatabase.Postgres)]
    public async Task Workers_AreSharedOutEqually(TestDatabase database)
    {
        await using var setup = await QueueSetup.CreateAsync(database);
        await setup.AddAsync("a", segments: 30);
        var hands = new List<LeasedWork>();
        for (var worker = 0; worker < 6; worker++)
        {
            hands.Add(await setup.TakeAsync());
        }

        // Who comes later gets all that becomes free until there is as much in hand.
        await setup.AddAsync("b", segments: 30);
        for (var turn = 0; turn < 3; turn++)
        {
            await setup.Queue.CompleteAsync(hands[turn], (_, _) => Task.CompletedTask);
            Assert.Equal("b", (await setup.TakeAsync()).Item.Owner);
        }

        await setup.Queue.CompleteAsync(hands[3], (_, _) => Task.CompletedTask);
        Assert.Equal("a", (await setup.TakeAsync()).Item.Owner);
    }

    [Theory]
    [InlineData(TestDatabase.Sqlite)]
    [InlineData(TestDatabase.Postgres)]
    public async Task LongJob_GivesWayToTheNext_AndIsNotHeldBackForEver(TestDatabase database)
    {
        await using var setup = await QueueSetup.CreateAsync(database);
        var film = await setup.AddAsync("a", segments: 40);
        var clip = await setup.AddAsync("a", segments: 2);
        var order = new List<(string Job, int Segment)>();
        for (var turn = 0; turn < 12; turn++)
        {
            var item = await setup.DoAsync();
            order.Add((item.JobId, item.Segment));
        }

        // Eight segments of the first job, then both in turns until the short one is through.
        Assert.Equal([.. Enumerable.Range(0, 8).Select(segment => (film.Id, segment)), (film.Id, 8), (clip.Id, 0), (film.Id, 9), (clip.Id, 1)], order);

        // Of the jobs that keep coming only the next two come before its segment 31.
        for (var job = 0; job < 6; job++)
        {
            await setup.AddAsync("a", segments: 8);
        }

        var others = 0;
        for (var item = await setup.DoAsync(); item.JobId != film.Id || item.Segment != 31; item = await setup.DoAsync())
        {
            others += item.JobId == film.Id ? 0 : 1;
        }

        Assert.Equal(15, others);
    }

    [Theory]
    [InlineData(TestDatabase.Sqlite)]
    [InlineData(TestDatabase.Postgres)]
    public async Task LoadedModel_IsKept_ForSomeSegmentsOnly(TestDatabase database)
    {
        await using var setup = await QueueSetup.CreateAsync(database);
        await setup.AddAsync("a", segments: 20, model: "large");
        await setup.AddAsync("b", segments: 20, model: "small");
        var keeps = new WorkRequest("test/0") { Model = "small", KeepsModel = true };
        for (var turn = 0; turn < WorkOrder.MostWithOneModel; turn++)
        {
            Assert.Equal("small", (await setup.DoAsync(keeps)).Model);
        }

        Assert.Equal("large", (await setup.DoAsync(keeps with { KeepsModel = false })).Model);

        // Nobody waits because of it: where nothing of the model waits the worker takes what does.
        Assert.NotNull(await setup.Queue.TakeAsync(new WorkRequest("test/1") { Model = "none", KeepsModel = true }, Stop));
        Assert.Equal("small", (await setup.DoAsync(new WorkRequest("test/2") { Excluded = ["large"] })).Model);
    }

    [Theory]
    [InlineData(TestDatabase.Sqlite)]
    [InlineData(TestDatabase.Postgres)]
    public async Task JobOfAVersion_IsForWorkersOfThatVersion(TestDatabase database)
    {
        await using var setup = await QueueSetup.CreateAsync(database);
        await setup.AddAsync("a", segments: 1, version: "1");
        Assert.Null(await setup.Queue.TakeAsync(new WorkRequest("test/0") { Version = "2" }, Stop));
        Assert.Null(await setup.Queue.TakeAsync(new WorkRequest("test/0"), Stop));
        Assert.Equal("1", (await setup.DoAsync(new WorkRequest("test/0") { Version = "1" })).Version);
    }

    [Theory]
    [InlineData(TestDatabase.Sqlite)]
    [InlineData(TestDatabase.Postgres)]
    public async Task DrainingWorker_TakesNothing(TestDatabase database)
    {
        await using var setup = await QueueSetup.CreateAsync(database);
        await setup.AddAsync("a", segments: 2);
        await setup.SayAsync("test/0", isDraining: true);
        Assert.Null(await setup.Queue.TakeAsync(new WorkRequest("test/0"), Stop));
        Assert.NotNull(await setup.Queue.TakeAsync(new WorkRequest("test/1"), Stop));
    }
}

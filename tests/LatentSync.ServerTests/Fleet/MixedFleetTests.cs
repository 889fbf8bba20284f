using System.Net;
using System.Text.Json.Nodes;
using LatentSync.Server.Data;
using LatentSync.ServerTests.Support;

namespace LatentSync.ServerTests.Fleet;

/// <summary>Workers that differ: of two versions, one that drains, one that is slow.</summary>
public sealed class MixedFleetTests(MixedFleetFixture fixture) : IClassFixture<MixedFleetFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FleetProgram Fleet => fixture.Fleet;

    [Fact]
    public async Task Job_StaysWithTheVersionThatBeganIt()
    {
        var jobs = await FleetJobs.SubmitAsync(Fleet, 8, milliseconds: 200, mostSegments: 4);
        await FleetJobs.CheckAsync(Fleet, jobs);
        var makers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (id, _) in jobs)
        {
            var work = (await Fleet.WorkAsync(id)).Where(item => item.Kind is WorkKind.Analyse or WorkKind.Segment or WorkKind.Join).ToList();
            Assert.All(work, item => Assert.Equal((WorkState.Done, 0), (item.State, item.Failures)));
            makers.Add(Assert.Single(work.Select(item => item.Worker!).Distinct(StringComparer.Ordinal)));
        }

        Assert.Equal(2, makers.Count);
    }

    [Fact]
    public async Task DrainingWorker_FinishesWhatItHas_AndTakesNoMore()
    {
        var id = await Fleet.Jobs().SubmitAsync(JobClient.Seed(segments: 4, milliseconds: 1000));
        await Fleet.Jobs().WaitAsync(id, job => (string?)job["state"] == "generating");
        var name = (await Fleet.WorkAsync(id)).First(item => item.Kind == WorkKind.Analyse).Worker!;
        Assert.Equal(name, (string?)(await TellAsync(name, "drain"))["workers"]![0]);
        Assert.Equal(name, (string?)Assert.Single(await WorkersAsync(worker => (bool?)worker["draining"] == true))["name"]);

        // Not the rest of its own job either, which waits for its version.
        await WaitAsync(async () => (await Fleet.WorkAsync(id)).TrueForAll(item => item.State != WorkState.Leased));
        var others = await FleetJobs.SubmitAsync(Fleet, 3, milliseconds: 100);
        foreach (var (other, _) in others)
        {
            await Fleet.Jobs().WaitAsync(other);
            Assert.DoesNotContain(await Fleet.WorkAsync(other), item => item.Worker == name);
        }

        Assert.Equal("generating", (string?)(await Fleet.Jobs().GetAsync(id))["state"]);
        await TellAsync(name.Split('/')[0], "resume");
        Assert.Equal("succeeded", (string?)(await Fleet.Jobs().WaitAsync(id))["state"]);

        using var unknown = await Fleet.Apis[0].Client.PostAsync("/v1/workers/nobody/0/drain", null, Stop);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task SlowWorker_IsOvertaken_AtTheEndOfAJob()
    {
        // What it takes alone takes ten minutes.
        await using var slow = await Fleet.StartAsync("worker", MixedFleetFixture.Engine("version=2", "slow=600"));
        await WaitAsync(async () => (await WorkersAsync()).Count == 3);
        await TellAsync(MixedFleetFixture.Old, "drain");
        List<WorkItem> work;
        do
        {
            // Until the slow one has got a segment.
            var id = await Fleet.Jobs().SubmitAsync(JobClient.Seed(segments: 6, milliseconds: 300));
            var job = await Fleet.Jobs().WaitAsync(id);
            Assert.True((string?)job["state"] == "succeeded", job.ToJsonString());
            work = await Fleet.WorkAsync(id);
        } while (!work.Exists(item => item.RaceOf is not null));

        await TellAsync(MixedFleetFixture.Old, "resume");
        var race = work.Single(item => item.RaceOf is not null);
        var overtaken = work.Single(item => item.Id == race.RaceOf);
        Assert.Equal((WorkState.Done, WorkState.Dropped, race.Segment), (race.State, overtaken.State, overtaken.Segment));
        Assert.NotEqual(race.Worker, overtaken.Worker);

        // Its lease is lost, so it stops and is there for other work.
        await WaitAsync(async () => (await WorkersAsync(worker => worker["job"] is not null)).Count == 0);
        Assert.Empty(await Invariants.CheckAsync(Fleet.Database, Fleet.Apis[0].Client));
    }

    private async Task<JsonObject> TellAsync(string worker, string verb)
    {
        using var answer = await Fleet.Apis[0].Client.PostAsync($"/v1/workers/{worker}/{verb}", null, Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await JobClient.JsonAsync(answer);
    }

    private async Task<List<JsonNode>> WorkersAsync(Func<JsonNode, bool>? filter = null)
    {
        var answer = JsonNode.Parse(await Fleet.Apis[0].Client.GetStringAsync("/v1/workers", Stop))!;
        return [.. answer["workers"]!.AsArray().Where(worker => filter?.Invoke(worker!) ?? true).Select(worker => worker!)];
    }

    private static async Task WaitAsync(Func<Task<bool>> isReached)
    {
        for (var start = TimeProvider.System.GetTimestamp(); !await isReached(); await Task.Delay(200, Stop))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(40));
        }
    }
}

using System.Net;
using System.Text.Json.Nodes;
using LatentSync.ServerTests.Support;

namespace LatentSync.ServerTests.Jobs;

public abstract class JobLifeTests(ServerFixture fixture)
{
    private JobClient Jobs => fixture.Jobs;

    private HttpClient Client => fixture.Server.Client;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_GoesThroughItsStates_AndHasItsResult()
    {
        var id = await Jobs.SubmitAsync(JobClient.Seed(segments: 3), new JsonObject { ["metadata"] = new JsonObject { ["scene"] = "7" } });
        var job = await Jobs.WaitAsync(id);

        Assert.Equal("succeeded", (string?)job["state"]);
        Assert.Equal(3, (int?)job["segments"]!["done"]);
        Assert.Equal("7", (string?)job["metadata"]!["scene"]);
        Assert.Equal(JobClient.Expected(3), await Client.GetStringAsync($"/v1/jobs/{id}/result", Stop));
        var events = await EventsAsync(id);
        var states = events.Where(e => e.Kind is not ("segment" or "score")).Select(e => e.State);
        Assert.Equal(["uploading", "queued", "analysing", "generating", "joining", "succeeded"], states);
        Assert.Equal(3, events.Count(e => e.Kind == "segment"));
    }

    [Fact]
    public async Task Score_IsMeasuredAfterTheJob()
    {
        var id = await Jobs.SubmitAsync();
        var job = await Jobs.WaitAsync(id, job => job["score"] is not null);
        Assert.Equal(0.9, (double?)job["score"]!["correlation"]);
    }

    /// <summary>The engine refuses a picture that is not there.</summary>
    [Fact]
    public async Task AFaceLikeAPicture_IsAnUpload()
    {
        var (video, audio, picture) = (await Jobs.UploadAsync(), await Jobs.UploadAsync(), await Jobs.UploadAsync("picture"));
        using var answer = await Jobs.TrySubmitAsync(video, audio, new JsonObject { ["face"] = "like:" + picture });
        var job = await Jobs.WaitAsync((string)(await JobClient.JsonAsync(answer))["id"]!);
        Assert.True((string?)job["state"] == "succeeded", job.ToJsonString());
        using var refused = await Jobs.TrySubmitAsync(video, audio, new JsonObject { ["face"] = "like:upl_0" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal("invalid_input", (string?)(await JobClient.JsonAsync(refused))["kind"]);
    }

    [Fact]
    public async Task Analysis_EndsWithoutAResult()
    {
        using var answer = await Jobs.TrySubmitAsync(
            await Jobs.UploadAsync(),
            await Jobs.UploadAsync(),
            new JsonObject { ["seed"] = JobClient.Seed(segments: 4) },
            path: "/v1/analyses"
        );
        var job = await Jobs.WaitAsync((string)(await JobClient.JsonAsync(answer))["id"]!);
        Assert.Equal("analysis", (string?)job["kind"]);
        Assert.Equal(1000, (int?)job["analysis"]!["frames"]);
        Assert.Null(job["result"]);
    }

    [Fact]
    public async Task EngineThatCrashesOnce_CostsASegment()
    {
        var id = await Jobs.SubmitAsync(JobClient.Seed(segments: 2, fault: 2));
        var job = await Jobs.WaitAsync(id);
        Assert.Equal("succeeded", (string?)job["state"]);
        Assert.Equal(JobClient.Expected(2), await Client.GetStringAsync($"/v1/jobs/{id}/result", Stop));
        Assert.Equal(2, (await EventsAsync(id)).Count(e => e.Kind == "work_failed"));
    }

    [Theory]
    [InlineData(1, "engine_lost")]
    [InlineData(3, "engine_silent")]
    [InlineData(5, "inference_failed")]
    [InlineData(6, "engine_unfit")]
    public async Task PoisonJob_FailsAlone(int fault, string kind)
    {
        var poison = await Jobs.SubmitAsync(JobClient.Seed(fault: fault));
        var other = await Jobs.SubmitAsync(JobClient.Seed(segments: 2));
        Assert.Equal("succeeded", (string?)(await Jobs.WaitAsync(other))["state"]);
        var job = await Jobs.WaitAsync(poison);
        Assert.Equal("failed", (string?)job["state"]);
        Assert.Equal(kind, (string?)job["error"]!["kind"]);
    }

    [Fact]
    public async Task InvalidInput_FailsAtOnce()
    {
        var id = await Jobs.SubmitAsync(JobClient.Seed(fault: 4));
        Assert.Equal("invalid_input", (string?)(await Jobs.WaitAsync(id))["error"]!["kind"]);
        Assert.DoesNotContain(await EventsAsync(id), e => e.Kind == "work_failed");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task Cancel_StopsTheJob_AndRetryFinishesIt(int fault)
    {
        var id = await Jobs.SubmitAsync(JobClient.Seed(segments: 5, milliseconds: 800, fault: fault));
        await Jobs.WaitAsync(id, job => (int?)job["segments"]!["done"] > 0);
        using var cancelled = await Client.PostAsync($"/v1/jobs/{id}/cancel", null, Stop);
        var job = await JobClient.JsonAsync(cancelled);
        Assert.Equal("cancelled", (string?)job["state"]);
        var done = (int)job["segments"]!["done"]!;
        await Task.Delay(300, Stop);
        Assert.Equal(done, (int)(await Jobs.GetAsync(id))["segments"]!["done"]!);

        using var retried = await Client.PostAsync($"/v1/jobs/{id}/retry", null, Stop);
        Assert.Equal(HttpStatusCode.OK, retried.StatusCode);
        job = await Jobs.WaitAsync(id);
        Assert.Equal("succeeded", (string?)job["state"]);
        Assert.Equal(2, (int?)job["attempt"]);
        Assert.Equal(JobClient.Expected(5), await Client.GetStringAsync($"/v1/jobs/{id}/result", Stop));
    }

    [Fact]
    public async Task Retry_OfARunningJob_IsAConflict()
    {
        var id = await Jobs.SubmitAsync(JobClient.Seed(milliseconds: 2000));
        using var answer = await Client.PostAsync($"/v1/jobs/{id}/retry", null, Stop);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        await Client.DeleteAsync($"/v1/jobs/{id}", Stop);
    }

    [Fact]
    public async Task Delete_TakesTheFilesAway()
    {
        var id = await Jobs.SubmitAsync();
        await Jobs.WaitAsync(id);
        var folder = Path.Combine(fixture.Data, "jobs", id);
        Assert.True(Directory.Exists(folder));
        using var deleted = await Client.DeleteAsync($"/v1/jobs/{id}", Stop);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await Client.GetAsync($"/v1/jobs/{id}", Stop);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.False(Directory.Exists(folder));
    }

    private async Task<List<(string Kind, string State)>> EventsAsync(string id)
    {
        var text = await Client.GetStringAsync($"/v1/jobs/{id}/events", Stop);
        return
        [
            .. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                .Select(block => block.Split('\n'))
                .Where(lines => lines.Contains("event: state"))
                .Select(lines => (JsonObject)JsonNode.Parse(lines.First(line => line.StartsWith("data: ", StringComparison.Ordinal))[6..])!)
                .Select(data => ((string)data["kind"]!, (string)data["state"]!)),
        ];
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using LatentSync.ServerTests.Support;

namespace LatentSync.ServerTests.Fleet;

/// <summary>Several processes are one server: whatever one began another goes on with, shows and ends.</summary>
public sealed class FleetTests(FleetFixture fixture) : IClassFixture<FleetFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FleetProgram Fleet => fixture.Fleet;

    [Fact]
    public async Task JobOfOneProcess_IsServedByAnother()
    {
        var id = await Fleet.Jobs(0).SubmitAsync(JobClient.Seed(segments: 6, milliseconds: 300));
        var events = Fleet.Apis[1].Client.GetStringAsync($"/v1/jobs/{id}/events", Stop);
        var job = await Fleet.Jobs(1).WaitAsync(id);
        Assert.True((string?)job["state"] == "succeeded", job.ToJsonString());
        Assert.Equal(JobClient.Expected(6), await Fleet.Apis[1].Client.GetStringAsync($"/v1/jobs/{id}/result", Stop));

        // The stream of the other process had every change, progress that only the worker knew, and an end.
        var heard = await events.WaitAsync(TimeSpan.FromSeconds(20), Stop);
        Assert.Equal(6, heard.Split("\"kind\":\"segment\"").Length - 1);
        Assert.Contains("event: progress", heard, StringComparison.Ordinal);
        Assert.Contains("\"state\":\"succeeded\"", heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OneIdempotencyKey_IsOneJob_WhicheverProcessesGetIt()
    {
        var (video, audio) = (await Fleet.Jobs().UploadAsync(), await Fleet.Jobs(1).UploadAsync("sound"));
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(i => Fleet.Jobs(i).TrySubmitAsync(video, audio, idempotencyKey: "the-same-from-everywhere"))
        );
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        var ids = await Task.WhenAll(answers.Select(async answer => (string?)(await JobClient.JsonAsync(answer))["id"]));
        Assert.Single(ids.Distinct());
        Assert.Single(answers, answer => !answer.Headers.Contains("Idempotent-Replayed"));
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Fact]
    public async Task Ranges_ComeFromTheStore()
    {
        var id = await Fleet.Jobs().SubmitAsync(JobClient.Seed(segments: 2));
        await Fleet.Jobs().WaitAsync(id);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{id}/result");
        request.Headers.Range = new RangeHeaderValue(10, 29);
        using var answer = await Fleet.Apis[1].Client.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal(JobClient.Expected(2)[10..30], await answer.Content.ReadAsStringAsync(Stop));
    }

    [Fact]
    public async Task Upload_GoesOnAtAnotherProcess()
    {
        var content = string.Concat(Enumerable.Range(0, 2_000_000).Select(number => (char)('a' + (number % 26))));
        using var create = new HttpRequestMessage(HttpMethod.Post, "/v1/uploads");
        create.Headers.Add("Tus-Resumable", "1.0.0");
        create.Headers.Add("Upload-Length", Invariant($"{content.Length}"));
        using var created = await Fleet.Apis[0].Client.SendAsync(create, Stop);
        var address = created.Headers.Location!;
        Assert.Equal(1_000_000, await PatchAsync(0, address, 0, content[..1_000_000]));

        // A part at a place where one is already is refused by whatever process.
        Assert.Equal(-409, await PatchAsync(1, address, 0, "again"));
        Assert.Equal(2_000_000, await PatchAsync(1, address, 1_000_000, content[1_000_000..]));
        var id = address.ToString().Split('/')[^1];
        using var answer = await Fleet.Jobs().TrySubmitAsync(id, await Fleet.Jobs(1).UploadAsync("sound"));
        var job = (string)(await JobClient.JsonAsync(answer))["id"]!;
        Assert.Equal("succeeded", (string?)(await Fleet.Jobs().WaitAsync(job))["state"]);
        Assert.Equal(JobClient.Expected(1, content), await Fleet.Apis[0].Client.GetStringAsync($"/v1/jobs/{job}/result", Stop));
    }

    [Fact]
    public async Task Cancel_StopsTheWorkerOfAnotherProcess()
    {
        var id = await Fleet.Jobs(0).SubmitAsync(JobClient.Seed(segments: 1, milliseconds: 60_000));
        await Fleet.Jobs(0).WaitAsync(id, job => (string?)job["state"] == "generating");
        using var answer = await Fleet.Apis[1].Client.PostAsync($"/v1/jobs/{id}/cancel", null, Stop);
        Assert.Equal("cancelled", (string?)(await JobClient.JsonAsync(answer))["state"]);
        await WaitForAsync(async () => !(await WorkersAsync()).Contains(id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Workers_SayWhatTheyAre()
    {
        await WaitForAsync(async () => (await WorkersAsync()).Split("\"device\":\"cpu\"").Length - 1 == 4);
        using var health = await Fleet.Workers[0].Client.GetAsync("/readyz", Stop);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        using var jobs = await Fleet.Workers[0].Client.GetAsync("/v1/jobs", Stop);
        Assert.Equal(HttpStatusCode.NotFound, jobs.StatusCode);
    }

    private async Task<long> PatchAsync(int api, Uri address, long offset, string content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, address.ToString()) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(content)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Offset", Invariant($"{offset}"));
        using var answer = await Fleet.Apis[api].Client.SendAsync(request, Stop);
        return answer.IsSuccessStatusCode
            ? long.Parse(answer.Headers.GetValues("Upload-Offset").Single(), System.Globalization.CultureInfo.InvariantCulture)
            : -(int)answer.StatusCode;
    }

    private Task<string> WorkersAsync() => Fleet.Apis[0].Client.GetStringAsync("/v1/workers", Stop);

    private static async Task WaitForAsync(Func<Task<bool>> isReached)
    {
        for (var start = TimeProvider.System.GetTimestamp(); !await isReached(); await Task.Delay(200, Stop))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30));
        }
    }
}

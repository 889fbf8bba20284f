using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace LatentSync.ServerTests.Support;

/// <summary>Speaks the native interface by hand, as curl does.</summary>
internal sealed class JobClient(HttpClient client)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a job may take.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(2);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Uploads bytes in one piece.</summary>
    public async Task<string> UploadAsync(string content = "pictures")
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(content));
        using var answer = await client.PutAsync("/v1/uploads?name=a.mp4", body, Stop);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (string)(await JsonAsync(answer))["id"]!;
    }

    /// <summary>Uploads a file in one piece.</summary>
    public async Task<string> UploadFileAsync(string path)
    {
        using var body = new ByteArrayContent(await File.ReadAllBytesAsync(path, Stop));
        using var answer = await client.PutAsync("/v1/uploads", body, Stop);
        return (string)(await JsonAsync(answer))["id"]!;
    }

    /// <summary>Submits a job of two new uploads and gives its id.</summary>
    /// <param name="seed">What the test engine does; see its Behaviour.</param>
    /// <param name="more">Further members of the request.</param>
    public async Task<string> SubmitAsync(long seed = 1, JsonObject? more = null)
    {
        using var answer = await TrySubmitAsync(await UploadAsync(), await UploadAsync("sound"), new JsonObject { ["seed"] = seed }, more);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Stop));
        return (string)(await JsonAsync(answer))["id"]!;
    }

    /// <summary>Submits a job and gives the answer, whatever it is.</summary>
    public Task<HttpResponseMessage> TrySubmitAsync(
        string video,
        string audio,
        JsonObject? options = null,
        JsonObject? more = null,
        string? idempotencyKey = null,
        string path = "/v1/jobs"
    )
    {
        var body = new JsonObject
        {
            ["video"] = video,
            ["audio"] = audio,
            ["options"] = options?.DeepClone(),
        };
        foreach (var (name, value) in more ?? [])
        {
            body[name] = value?.DeepClone();
        }

        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return client.SendAsync(request, Stop);
    }

    /// <summary>A job.</summary>
    public async Task<JsonObject> GetAsync(string id)
    {
        using var answer = await client.GetAsync($"/v1/jobs/{id}", Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await JsonAsync(answer);
    }

    /// <summary>Waits until a job has ended.</summary>
    public Task<JsonObject> WaitAsync(string id) => WaitAsync(id, job => (string?)job["state"] is "succeeded" or "failed" or "cancelled");

    /// <summary>Waits until something holds for a job.</summary>
    public async Task<JsonObject> WaitAsync(string id, Func<JsonObject, bool> isReached)
    {
        for (var start = TimeProvider.System.GetTimestamp(); ; await Task.Delay(Interval, Stop))
        {
            var job = await GetAsync(id);
            if (isReached(job))
            {
                return job;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(start) < Limit, $"The job did not get there: {job}");
        }
    }

    /// <summary>What the test engine makes of a video: the same bytes whoever makes it.</summary>
    public static string Expected(int segments, string content = "pictures") =>
        string.Concat(
            Enumerable
                .Range(0, segments)
                .Select(i => Convert.ToHexString(SHA256.HashData([.. Encoding.UTF8.GetBytes(content), .. BitConverter.GetBytes(i)])) + "\n")
        );

    /// <summary>The body of an answer.</summary>
    public static async Task<JsonObject> JsonAsync(HttpResponseMessage answer) => (JsonObject)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))!;

    /// <summary>A seed for the test engine.</summary>
    /// <param name="segments">1 to 999.</param>
    /// <param name="milliseconds">For each; in steps of ten.</param>
    /// <param name="fault">Number of its Fault.</param>
    public static long Seed(int segments = 1, int milliseconds = 0, int fault = 0) => ((((long)fault * 10_000) + (milliseconds / 10)) * 1000) + segments;
}

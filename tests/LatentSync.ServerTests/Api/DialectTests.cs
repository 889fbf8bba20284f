using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using LatentSync.ServerTests.Support;

namespace LatentSync.ServerTests.Api;

/// <summary>What no client sends: bodies that are broken or meant to do harm. Answers keep the shape of their dialect.</summary>
public sealed class DialectTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Boundary = "limit";

    private HttpClient Client => fixture.Server.Client;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--limit\r\nContent-Disposition: form-data; name=\"input_reference\"; filename=\"a.mp4\"\r\n\r\npictures")]
    [InlineData(
        "--limit\r\nContent-Disposition: form-data; name=\"audio\"; filename=\"a\"\r\n\r\nsound\r\n"
            + "--limit\r\nContent-Disposition: form-data; name=\"audio\"; filename=\"a\"\r\n\r\nsound\r\n--limit--\r\n"
    )]
    [InlineData("--limit\r\n\r\nno name\r\n--limit--\r\n")]
    [InlineData("--limit\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nno form\r\n--limit--\r\n")]
    [InlineData("--other--")]
    [InlineData("")]
    public async Task BrokenForm_IsRefused_AndLeavesNoFile(string body)
    {
        var before = Uploads();
        using var answer = await PostFormAsync("/openai/v1/videos", body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("invalid_request", (string?)(await JobClient.JsonAsync(answer))["error"]!["code"]);
        Assert.Equal(before, Uploads());
    }

    [Fact]
    public async Task FormOfManyParts_IsRefused()
    {
        var parts = string.Concat(
            Enumerable.Range(0, 100).Select(i => Invariant($"--{Boundary}\r\nContent-Disposition: form-data; name=\"p{i}\"\r\n\r\nx\r\n"))
        );
        using var answer = await PostFormAsync("/openai/v1/videos", $"{parts}--{Boundary}--\r\n");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task LongText_IsRefused()
    {
        using var answer = await PostFormAsync(
            "/openai/v1/videos",
            $"--{Boundary}\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\n{new string('x', 100_000)}\r\n--{Boundary}--\r\n"
        );
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("prompt", (string?)(await JobClient.JsonAsync(answer))["error"]!["param"]);
    }

    [Theory]
    [InlineData("/sync.so/v2/generate", "{\"model\":\"a\",\"model\":\"b\"}", "statusCode")]
    [InlineData("/sync.so/v2/generate", "[]", "statusCode")]
    [InlineData("/sync.so/v2/generate", "{", "statusCode")]
    [InlineData("/sync.so/v2/assets", "null", "statusCode")]
    [InlineData("/replicate/v1/predictions", "{\"version\":1}", "status")]
    [InlineData("/replicate/v1/predictions", "{\"version\":\"a/latentsync\",\"input\":[]}", "status")]
    [InlineData("/replicate/v1/models/..%2f/latentsync/predictions", "{\"input\":{}}", "status")]
    public async Task BrokenJson_IsRefused(string path, string body, string member)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await Client.PostAsync(path, content, Stop);
        Assert.InRange((int)answer.StatusCode, 400, 422);
        Assert.Equal((int)answer.StatusCode, (int?)(await JobClient.JsonAsync(answer))[member]);
    }

    [Fact]
    public async Task DeepJson_IsRefused()
    {
        using var content = new StringContent("{\"input\":" + new string('[', 100_000), Encoding.UTF8, "application/json");
        using var answer = await Client.PostAsync("/sync.so/v2/generate", content, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("/sync.so/v2/generate")]
    [InlineData("/replicate/v1/predictions")]
    [InlineData("/openai/v1/videos")]
    public async Task OtherBody_IsRefused(string path)
    {
        using var content = new StringContent("x", Encoding.UTF8, "text/plain");
        using var answer = await Client.PostAsync(path, content, Stop);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("http://evil.example/replicate/v1/files/ID")]
    [InlineData("HOST/replicate/v1/files/../predictions/ID")]
    [InlineData("HOST/replicate/v1/files/ID/../../x")]
    [InlineData("HOST/v1/uploads/ID")]
    [InlineData("HOSTevil/replicate/v1/files/ID")]
    public async Task OtherAddresses_AreNoUploads(string address)
    {
        var id = await fixture.Jobs.UploadAsync();
        var text = address.Replace("HOST", Client.BaseAddress!.ToString().TrimEnd('/'), StringComparison.Ordinal).Replace("ID", id, StringComparison.Ordinal);
        using var answer = await Client.PostAsJsonAsync(
            "/replicate/v1/predictions",
            new JsonObject
            {
                ["version"] = "a/latentsync",
                ["input"] = new JsonObject { ["video"] = text, ["audio"] = id },
            },
            Stop
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal("input.video", (string?)(await JobClient.JsonAsync(answer))["invalid_fields"]![0]!["field"]);
    }

    [Fact]
    public async Task UploadLink_TakesOneFile()
    {
        using var begun = await Client.PostAsJsonAsync(
            "/sync.so/v2/assets/upload",
            new
            {
                fileName = "a.wav",
                contentType = "audio/wav",
                size = 5,
            },
            Stop
        );
        var link = (string)(await JobClient.JsonAsync(begun))["uploadUrl"]!;
        using var open = new HttpClient();
        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync("long sound", isChunked: false));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PutAsync("long sound", isChunked: true));
        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync("so", isChunked: true));
        Assert.Equal(HttpStatusCode.OK, await PutAsync("sound", isChunked: true));
        Assert.Equal(HttpStatusCode.Conflict, await PutAsync("other", isChunked: false));

        async Task<HttpStatusCode> PutAsync(string text, bool isChunked)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, link) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text)) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("audio/wav");
            request.Headers.TransferEncodingChunked = isChunked;
            using var answer = await open.SendAsync(request, Stop);
            return answer.StatusCode;
        }
    }

    private int Uploads() =>
        Directory.Exists(Path.Combine(fixture.Data, "uploads")) ? Directory.EnumerateFiles(Path.Combine(fixture.Data, "uploads")).Count() : 0;

    private async Task<HttpResponseMessage> PostFormAsync(string path, string body)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary={Boundary}");
        return await Client.PostAsync(path, content, Stop);
    }
}

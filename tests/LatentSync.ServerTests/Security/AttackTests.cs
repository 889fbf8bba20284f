using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using LatentSync.Server.Security;
using LatentSync.ServerTests.Support;

namespace LatentSync.ServerTests.Security;

/// <summary>What an attacker would try; the table of docs/server-security.md is of these.</summary>
public sealed class AttackTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private HttpClient Client => fixture.Server.Client;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v1/uploads/..%2f..%2fserver.db")]
    [InlineData("/v1/uploads/..")]
    [InlineData("/v1/jobs/..%2f..%2fserver.db/result")]
    [InlineData("/v1/jobs/%00/result")]
    [InlineData("/v1/jobs/job_1%20or%201=1/preview.png")]
    [InlineData("/../server.db")]
    [InlineData("/server.db")]
    public async Task PathTricks_FindNothing(string path)
    {
        using var answer = await Client.GetAsync(new Uri(Client.BaseAddress!, path), Stop);
        Assert.InRange((int)answer.StatusCode, 400, 405);
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("upl_x' OR '1'='1")]
    [InlineData("concat:/etc/passwd")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.org/a.mp4")]
    [InlineData("https://user:pass@example.org/a.mp4")]
    public async Task Inputs_AreUploadsOnly(string input)
    {
        using var answer = await fixture.Jobs.TrySubmitAsync(input, await fixture.Jobs.UploadAsync());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
    }

    [Theory]
    [InlineData("models", "/etc")]
    [InlineData("model", "../../etc")]
    [InlineData("model", "/etc")]
    [InlineData("insightface", "/etc")]
    [InlineData("face", "like:/etc/passwd")]
    [InlineData("face", "LIKE:../uploads/upl_1")]
    [InlineData("face", "like:")]
    [InlineData("out", "/tmp/x.mp4")]
    [InlineData("device", "cuda:0")]
    [InlineData("vram", "1")]
    [InlineData("precision", "float32")]
    [InlineData("no_such_option", "1")]
    [InlineData("seed", "1 --out /tmp/x.mp4")]
    [InlineData("codec", "h264 -f null")]
    [InlineData("--out", "/tmp/x.mp4")]
    public async Task Options_CannotReachTheMachine(string name, string value)
    {
        using var answer = await fixture.Jobs.TrySubmitAsync(
            await fixture.Jobs.UploadAsync(),
            await fixture.Jobs.UploadAsync(),
            new JsonObject { [name] = value }
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal("invalid_options", (string?)(await JobClient.JsonAsync(answer))["kind"]);
    }

    [Theory]
    [InlineData("{\"video\":\"a\",\"video\":\"b\",\"audio\":\"c\"}")]
    [InlineData("{\"video\":\"a\",\"audio\":\"c\",\"admin\":true}")]
    [InlineData("{\"video\":\"a\"}")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("")]
    public async Task OtherJson_IsRefused(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await Client.PostAsync("/v1/jobs", content, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task DeepJson_IsRefused()
    {
        using var content = new StringContent("{\"video\":\"a\",\"audio\":\"b\",\"options\":" + new string('[', 100_000), Encoding.UTF8, "application/json");
        using var answer = await Client.PostAsync("/v1/jobs", content, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task LongBody_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs");
        request.Content = new StringContent(new string(' ', 2 << 20), Encoding.UTF8, "application/json");

        // Otherwise the server closes the connection while the body is still on its way.
        request.Headers.ExpectContinue = true;
        using var answer = await Client.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task OtherMetadata_IsRefused()
    {
        using var answer = await fixture.Jobs.TrySubmitAsync(
            await fixture.Jobs.UploadAsync(),
            await fixture.Jobs.UploadAsync(),
            more: new JsonObject { ["metadata"] = new JsonObject { ["a"] = new string('x', 5000) } }
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
    }

    [Theory]
    [InlineData("Host: evil.example", 401)]
    [InlineData("Host: 127.0.0.1\r\nOrigin: http://evil.example", 401)]
    [InlineData("Host: 127.0.0.1\r\nSec-Fetch-Site: cross-site", 401)]
    [InlineData("Host: 127.0.0.1\r\nX-Forwarded-For: 8.8.8.8", 401)]
    [InlineData("Host: 127.0.0.1", 200)]
    public async Task PagesOfOthers_AreNotTakenForTheUser(string headers, int status)
    {
        var answer = await SendRawAsync($"GET /v1/jobs HTTP/1.1\r\n{headers}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith(Invariant($"HTTP/1.1 {status} "), answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /v1/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\0b\r\n\r\n")]
    [InlineData("GET /v1/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n")]
    [InlineData("POST /v1/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /v1/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n")]
    public async Task SmuggledRequests_AreRefused(string request)
    {
        var answer = await SendRawAsync(request);
        Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UploadNames_GoIntoNoHeader()
    {
        using var body = new ByteArrayContent([1]);
        using var answer = await Client.PutAsync("/v1/uploads?name=" + Uri.EscapeDataString("a\r\nSet-Cookie: x=1\"<script>.mp4"), body, Stop);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("fd00::1")]
    [InlineData("fe80::1")]
    [InlineData("ff02::1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    public void PrivateAddresses_AreNotOfTheInternet(string address) => Assert.False(PublicAddresses.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:4700::1111")]
    public void OtherAddresses_Are(string address) => Assert.True(PublicAddresses.Contains(IPAddress.Parse(address)));

    private async Task<string> SendRawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Client.BaseAddress!.Port, Stop);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Stop);
        var answer = new byte[4096];
        var read = await stream.ReadAsync(answer, Stop).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Stop);
        return Encoding.ASCII.GetString(answer, 0, read);
    }
}

using System.Net;
using System.Net.Http.Headers;
using LatentSync.ServerTests.Support;
using LatentSync.TestKit;

namespace LatentSync.ServerTests.Security;

public sealed class KeyTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenAddressWithoutKeys_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var (code, _, error) = await ServerProgram.RunAsync("serve", "--data", folder.File("data"), "--listen", "http://0.0.0.0:0");
        Assert.Equal(2, code);
        Assert.Contains("latentsync keys add", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_OpenWhatTheirScopesSay_AndOnlyTheirOwn()
    {
        using var folder = new TemporaryFolder();
        var data = folder.File("data");
        var anna = await AddAsync(data, "anna");
        var bert = await AddAsync(data, "bert");
        var reader = await AddAsync(data, "reader", "--scope", "read");
        var admin = await AddAsync(data, "admin", "--scope", "admin");
        await using var server = await ServerProgram.StartAsync(data, arguments: ["--require-key"]);

        using var none = await server.Client.GetAsync("/v1/jobs", Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, none.StatusCode);
        Assert.Equal("application/problem+json", none.Content.Headers.ContentType!.MediaType);

        using var annas = Client(server, anna);
        using var berts = Client(server, bert);
        var job = await new JobClient(annas).SubmitAsync();
        await new JobClient(annas).WaitAsync(job);
        foreach (var path in new[] { "", "/result", "/events", "/preview.png", "/score" })
        {
            using var other = await berts.GetAsync($"/v1/jobs/{job}{path}", Stop);
            Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        }

        using var cancel = await berts.PostAsync($"/v1/jobs/{job}/cancel", null, Stop);
        Assert.Equal(HttpStatusCode.NotFound, cancel.StatusCode);
        using var delete = await berts.DeleteAsync($"/v1/jobs/{job}", Stop);
        Assert.Equal(HttpStatusCode.NotFound, delete.StatusCode);
        using var foreign = await new JobClient(berts).TrySubmitAsync((string)(await new JobClient(annas).GetAsync(job))["video"]!, "x");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, foreign.StatusCode);

        using var readers = Client(server, reader);
        using var submit = await new JobClient(readers).TrySubmitAsync("a", "b");
        Assert.Equal(HttpStatusCode.Forbidden, submit.StatusCode);
        using var workers = await annas.GetAsync("/v1/workers", Stop);
        Assert.Equal(HttpStatusCode.Forbidden, workers.StatusCode);
        using var admins = Client(server, admin);
        using var seen = await admins.GetAsync("/v1/workers", Stop);
        Assert.Equal(HttpStatusCode.OK, seen.StatusCode);
        Assert.Contains("latentsync_jobs", await admins.GetStringAsync("/metrics", Stop), StringComparison.Ordinal);

        await ServerProgram.RunAsync("keys", "revoke", anna.Split('_')[1], "--data", data);
        await Task.Delay(TimeSpan.FromSeconds(6), Stop);
        using var revoked = await annas.GetAsync("/v1/jobs", Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, revoked.StatusCode);
    }

    [Theory]
    [InlineData("x-api-key", "")]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "Token ", Explicit = true)]
    [InlineData("Authorization", "Key ", Explicit = true)]
    public async Task Keys_ComeInTheHeadersOfOtherServices(string header, string prefix)
    {
        using var folder = new TemporaryFolder();
        var key = await AddAsync(folder.File("data"), "a");
        await using var server = await ServerProgram.StartAsync(folder.File("data"), arguments: ["--require-key"]);
        foreach (var (sent, status) in new[] { (key, HttpStatusCode.OK), (key[..^1] + (key[^1] == '0' ? '1' : '0'), HttpStatusCode.Unauthorized) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/jobs");
            request.Headers.TryAddWithoutValidation(header, prefix + sent);
            using var answer = await server.Client.SendAsync(request, Stop);
            Assert.Equal(status, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Secrets_AreNotInTheDatabase()
    {
        using var folder = new TemporaryFolder();
        var key = await AddAsync(folder.File("data"), "a");
        foreach (var file in Directory.EnumerateFiles(folder.File("data"), "server.db*"))
        {
            Assert.DoesNotContain(key.Split('_')[2], await File.ReadAllTextAsync(file, System.Text.Encoding.Latin1, Stop), StringComparison.Ordinal);
        }
    }

    private static async Task<string> AddAsync(string data, string name, params string[] more)
    {
        var (code, output, error) = await ServerProgram.RunAsync(["keys", "add", name, "--data", data, .. more]);
        Assert.True(code == 0, error);
        return output.Trim();
    }

    private static HttpClient Client(ServerProgram server, string key)
    {
        var client = new HttpClient { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }
}

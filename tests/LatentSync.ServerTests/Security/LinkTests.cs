using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LatentSync.Server.Security;
using LatentSync.ServerTests.Support;
using LatentSync.TestKit;

namespace LatentSync.ServerTests.Security;

public sealed class LinkTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Link_OutlivesTheServer_UntilItExpires()
    {
        using var folder = new TemporaryFolder();
        var data = folder.File("data");
        string path;
        await using (var server = await StartAsync(data, "1.00:00:00"))
        {
            path = await LinkAsync(server);
        }

        await using (var server = await StartAsync(data, "00:00:01"))
        {
            Assert.Equal(JobClient.Expected(1), await server.Client.GetStringAsync(path, Stop));
            var brief = await LinkAsync(server);
            await Task.Delay(TimeSpan.FromSeconds(2), Stop);
            using var late = await server.Client.GetAsync(brief, Stop);
            Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
        }

        File.Delete(Path.Combine(data, "link-key"));
        await using (var server = await StartAsync(data, "1.00:00:00"))
        {
            using var ended = await server.Client.GetAsync(path, Stop);
            Assert.Equal(HttpStatusCode.Forbidden, ended.StatusCode);
        }
    }

    [Fact]
    public void Secret_IsMadeOnce_AndAgainWhereACrashLeftNone()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("secret");
        Assert.Equal("a", SecretFile.ReadOrCreate(path, () => "a"));
        Assert.Equal("a", SecretFile.ReadOrCreate(path, () => "b"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }

        File.WriteAllText(path, string.Empty);
        File.WriteAllText(path + ".part", "half");
        Assert.Equal("c", SecretFile.ReadOrCreate(path, () => "c"));
    }

    private static Task<ServerProgram> StartAsync(string data, string lifetime) =>
        ServerProgram.StartAsync(
            data,
            new Dictionary<string, string>
            {
                ["Devices:0"] = "cpu",
                ["MinFreeBytes"] = "0",
                ["LinkLifetime"] = lifetime,
            }
        );

    /// <summary>The link to the result of a new job, from the root of the server.</summary>
    private static async Task<string> LinkAsync(ServerProgram server)
    {
        var jobs = new JobClient(server.Client);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/replicate/v1/predictions");
        var input = new JsonObject
        {
            ["video"] = await jobs.UploadAsync(),
            ["audio"] = await jobs.UploadAsync("sound"),
            ["seed"] = 1,
        };
        request.Content = JsonContent.Create(new JsonObject { ["version"] = "a/latentsync", ["input"] = input });
        request.Headers.Add("Prefer", "wait");
        using var answer = await server.Client.SendAsync(request, Stop);
        return new Uri((string)(await JobClient.JsonAsync(answer))["output"]!).PathAndQuery;
    }
}

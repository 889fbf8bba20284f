using System.Text.Json.Nodes;
using LatentSync.Client;
using LatentSync.ServerTests.Support;
using LatentSync.TestKit;

namespace LatentSync.ServerTests.Clients;

public sealed class ClientTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_DoesAWholeJob()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("a.mp4"), "pictures", Stop);
        using var client = new LatentSyncClient(fixture.Server.Address);
        var job = await client.SubmitAsync(
            new ServerJobRequest
            {
                Video = await client.UploadAsync(folder.File("a.mp4"), cancellationToken: Stop),
                Audio = await client.UploadAsync(folder.File("a.mp4"), cancellationToken: Stop),
                Options = new Dictionary<string, string> { ["seed"] = Invariant($"{JobClient.Seed(segments: 3, milliseconds: 300)}") },
            },
            Stop
        );
        var events = await client.WatchAsync(job.Id, Stop).ToListAsync(Stop);
        Assert.Equal("succeeded", events.Last(said => said.Type == "state").State);
        Assert.Contains(events, said => said.Type == "progress" && said.Share > 0);
        Assert.Equal(events.Count(said => said.Id is not null), events.Where(said => said.Id is not null).Select(said => said.Id).Distinct().Count());
        await client.DownloadAsync(job.Id, folder.File("b.mp4"), Stop);
        Assert.Equal(JobClient.Expected(3), await File.ReadAllTextAsync(folder.File("b.mp4"), Stop));
        Assert.Contains(await client.ListAsync("succeeded", Stop).Select(found => found.Id).ToListAsync(Stop), id => id == job.Id);
        await client.DeleteAsync(job.Id, Stop);
        var gone = await Assert.ThrowsAsync<LatentSyncServerException>(() => client.GetAsync(job.Id, Stop));
        Assert.Equal("not_found", gone.Kind);
    }

    [Fact]
    public async Task Client_TellsWhatTheServerRefuses()
    {
        using var client = new LatentSyncClient(fixture.Server.Address);
        var video = await fixture.Jobs.UploadAsync();
        var request = new ServerJobRequest
        {
            Video = video,
            Audio = video,
            Options = new Dictionary<string, string> { ["inference_steps"] = "0" },
        };
        var error = await Assert.ThrowsAsync<LatentSyncServerException>(() => client.SubmitAsync(request, Stop));
        Assert.Equal("invalid_options", error.Kind);
        Assert.Contains("inference-steps", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The client has what the server's document says, no more and no less.</summary>
    [Theory]
    [InlineData("JobView", typeof(ServerJob))]
    [InlineData("SegmentsView", typeof(ServerJobSegments))]
    [InlineData("ResultView", typeof(ServerJobResult))]
    [InlineData("ErrorView", typeof(ServerJobError))]
    [InlineData("LinksView", typeof(ServerJobLinks))]
    [InlineData("JobRequest", typeof(ServerJobRequest))]
    public async Task Types_AreThoseOfTheOpenApiDocument(string schema, Type type)
    {
        var document = JsonNode.Parse(await fixture.Server.Client.GetStringAsync("/openapi/v1.json", Stop))!;
        Assert.Equal("3.1.1", (string?)document["openapi"]);
        var members = ((JsonObject)document["components"]!["schemas"]![schema]!["properties"]!).Select(member => member.Key);
        var info = ClientJson.Default.GetTypeInfo(type)!;
        Assert.Equal(
            members.Order(),
            info.Properties.Where(property => property.Get is not null || property.Set is not null)
                .Select(property => property.Name)
                .Where(name => name is not "IdempotencyKey" and not "has_ended")
                .Order()
        );
    }

    [Fact]
    public async Task CommandLine_DoesAWholeJob()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("a.mp4"), "pictures", Stop);
        string[] server = ["--server", fixture.Server.Address.ToString()];
        var (code, output, error) = await ServerProgram.RunAsync([
            "submit",
            "--video",
            folder.File("a.mp4"),
            "--audio",
            folder.File("a.mp4"),
            "--seed",
            Invariant($"{JobClient.Seed(segments: 2)}"),
            .. server,
        ]);
        Assert.True(code == 0, error);
        var id = output.Trim();
        Assert.Equal(0, (await ServerProgram.RunAsync(["wait", id, .. server])).ExitCode);
        Assert.Contains("succeeded", (await ServerProgram.RunAsync(["status", id, .. server])).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await ServerProgram.RunAsync(["fetch", id, "--out", folder.File("b.mp4"), .. server])).ExitCode);
        Assert.Equal(JobClient.Expected(2), await File.ReadAllTextAsync(folder.File("b.mp4"), Stop));
        Assert.Equal(6, (await ServerProgram.RunAsync(["fetch", id, "--out", folder.File("b.mp4"), .. server])).ExitCode);
        Assert.Equal(2, (await ServerProgram.RunAsync(["status", "job_1", .. server])).ExitCode);
    }
}

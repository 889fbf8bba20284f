using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LatentSync.Checkpoints;
using LatentSync.PageTests.Support;
using LatentSync.ServerTests.Support;
using LatentSync.TestKit;
using LatentSync.TestKit.Hub;
using Microsoft.Playwright;

namespace LatentSync.PageTests.Views;

/// <summary>Models: checked and pulled, from a hub that refuses or hangs.</summary>
public sealed class AdminModelTests(Browser browser) : IAsyncLifetime
{
    private const string Pulled = "latentsync-1.6";
    private const string Damaged = "mine";
    private const long NeededSpace = 6_000_000_000;
    private const int SentPerPart = 1 << 20;

    private readonly TemporaryFolder _folder = new();
    private readonly HubServer _hub = new();

    private ServerProgram? _server;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // A model whose only file is not as it was recorded.
        var model = Directory.CreateDirectory(Path.Combine(_folder.Path, "models", Damaged)).FullName;
        await File.WriteAllTextAsync(Path.Combine(model, "weights.pt"), "abc", Stop);
        var record = new JsonObject
        {
            ["name"] = Damaged,
            ["files"] = new JsonArray(
                new JsonObject
                {
                    ["path"] = "weights.pt",
                    ["length"] = 3,
                    ["sha256"] = new string('0', 64),
                }
            ),
        };
        await File.WriteAllTextAsync(Path.Combine(model, "model.json"), record.ToJsonString(), Stop);
        _server = await ServerProgram.StartAsync(
            _folder.File("data"),
            new Dictionary<string, string> { ["MinFreeBytes"] = "0" },
            environment: new Dictionary<string, string>
            {
                ["LATENTSYNC_HOME"] = _folder.Path,
                ["HF_ENDPOINT"] = _hub.Address,
                ["HF_HOME"] = _folder.Path,
                ["HF_TOKEN"] = string.Empty,
                ["no_proxy"] = "127.0.0.1",
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _hub.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Verify_TellsWhatItFound()
    {
        await using var visitor = await browser.VisitAsync(_server!.Address);
        var page = visitor.Page;
        await visitor.OpenAsync("/admin");
        var shipped = Row(page, "demo");
        await Assertions.Expect(shipped).ToContainTextAsync("Built in");
        await Assertions.Expect(shipped).ToContainTextAsync("Not verified since the server's start.");
        await shipped.GetByRole(AriaRole.Button, new() { Name = "Verify" }).ClickAsync();
        await Assertions.Expect(shipped).ToContainTextAsync("Verified: all files are as they were recorded.");
        var damaged = Row(page, Damaged);
        await damaged.GetByRole(AriaRole.Button, new() { Name = "Verify" }).ClickAsync();
        await Assertions.Expect(damaged).ToContainTextAsync("weights.pt: its SHA-256 is not the recorded one.");
        await visitor.AssertAccessibleAsync();

        // Programs and later visitors read the same.
        var views = (await _server.Client.GetFromJsonAsync<JsonObject>("/v1/models", Stop))!["models"]!.AsArray();
        Assert.Equal("succeeded", (string?)Assert.Single(views, view => (string?)view!["name"] == "demo")!["task"]!["state"]);
        Assert.Equal(
            "weights.pt: its SHA-256 is not the recorded one.",
            (string?)Assert.Single(views, view => (string?)view!["name"] == Damaged)!["task"]!["errors"]![0]
        );
        await visitor.OpenAsync("/admin");
        await Assertions.Expect(Row(page, "demo")).ToContainTextAsync("Verified: all files are as they were recorded.");
    }

    [Fact]
    public async Task Pull_IsRefusedInASentence_GoesOnWithoutAVisitor_AndStops()
    {
        Assert.SkipWhen(new DriveInfo(_folder.Path).AvailableFreeSpace < NeededSpace, "The disk has no room for a model, which a pull checks first.");
        _hub.Misbehave = _ => HubAnswer.Error(403);
        await using var visitor = await browser.VisitAsync(_server!.Address);
        var page = visitor.Page;
        await visitor.OpenAsync("/admin");
        var model = Row(page, Pulled);
        await Assertions.Expect(model).ToContainTextAsync("Not installed");
        await model.GetByRole(AriaRole.Button, new() { Name = "Pull" }).ClickAsync();
        await Assertions.Expect(model).ToContainTextAsync("accept the licence on");

        _hub.Misbehave = Hang;
        await model.GetByRole(AriaRole.Button, new() { Name = "Pull" }).ClickAsync();
        await Assertions.Expect(model).ToContainTextAsync("Pulling: ");
        await Assertions.Expect(model.GetByRole(AriaRole.Progressbar)).ToBeVisibleAsync();
        await Assertions.Expect(Row(page, "demo").GetByRole(AriaRole.Button, new() { Name = "Verify" })).ToBeDisabledAsync();
        await visitor.AssertAccessibleAsync();
        await visitor.OpenAsync("/jobs");
        await visitor.OpenAsync("/admin");
        await Assertions.Expect(model).ToContainTextAsync("of 4.");
        await model.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Assertions.Expect(model).ToContainTextAsync("Stopped; what was downloaded is kept for the next pull.");
        Assert.True(Directory.Exists(Path.Combine(_folder.Path, "models", Pulled)));
        await Assertions.Expect(Row(page, "demo").GetByRole(AriaRole.Button, new() { Name = "Verify" })).ToBeEnabledAsync();
    }

    private static ILocator Row(IPage page, string model) =>
        page.Locator("section", new() { Has = page.Locator("#models") })
            .Locator("li", new() { Has = page.Locator("strong", new() { HasTextRegex = new("^" + model + "$", default, TimeSpan.FromSeconds(1)) }) });

    /// <summary>A little of each part, then nothing more.</summary>
    private static HubAnswer Hang(HubRequest request)
    {
        var unet = KnownCheckpoint.Find("1.6")!;
        if (request.Method == "HEAD")
        {
            return request.Path.EndsWith("latentsync_unet.pt", StringComparison.Ordinal)
                ? HubAnswer.Error(200, ("X-Linked-Size", Invariant($"{unet.Length}")), ("X-Linked-ETag", $"\"{unet.Sha256}\""))
                : HubAnswer.Error(200, ("X-Linked-Size", "2"), ("ETag", "\"small\""));
        }

        var ends = request.Header("Range")!["bytes=".Length..].Split('-').Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var (start, end) = (ends[0], ends[1] + 1);
        return new HubAnswer(206, new byte[SentPerPart])
        {
            StatedLength = end - start,
            HangAfter = SentPerPart,
            Headers = { ["Content-Range"] = Invariant($"bytes {start}-{end - 1}/{unet.Length}") },
        };
    }
}

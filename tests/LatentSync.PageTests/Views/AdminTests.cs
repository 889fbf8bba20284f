using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LatentSync.PageTests.Support;
using LatentSync.ServerTests.Support;
using Microsoft.Playwright;

namespace LatentSync.PageTests.Views;

/// <summary>What operators see, on the machine itself.</summary>
public sealed class AdminTests(Browser browser, AdminFixture fixture) : IClassFixture<AdminFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Workers_AreBusyWhileAJobRuns()
    {
        var id = await fixture.Jobs.SubmitAsync(JobClient.Seed(segments: 700, milliseconds: 300));
        await using var visitor = await browser.VisitAsync(fixture.Server.Address);
        var page = visitor.Page;
        await visitor.OpenAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Admin" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Admin");
        var workers = page.Locator(".workers > li");
        await Assertions.Expect(workers).ToHaveCountAsync(2);
        var card = workers.Filter(new() { HasText = "cuda:0" });
        await Assertions.Expect(card.Locator(".chip")).ToHaveTextAsync("Busy");
        await Assertions.Expect(card).ToContainTextAsync("of 700: denoising");
        await Assertions.Expect(card).ToContainTextAsync("demo");
        await Assertions.Expect(card.GetByRole(AriaRole.Link)).ToHaveAttributeAsync("href", "/jobs/" + id);
        await Assertions.Expect(card.Locator("figcaption")).ToHaveTextAsync("Test card");
        await Assertions.Expect(card).ToContainTextAsync("of 24.0 GiB used");
        await Assertions
            .Expect(card.GetByRole(AriaRole.Img))
            .ToHaveAttributeAsync(
                "aria-label",
                new System.Text.RegularExpressions.Regex("Memory of the last ten minutes: from 3.0 GiB to 12.0 GiB", default, TimeSpan.FromSeconds(1))
            );
        var cpu = workers.Filter(new() { HasText = "No card: this worker runs on the CPU." });
        await Assertions.Expect(cpu).ToContainTextAsync("Main memory of the engine");
        await Assertions.Expect(cpu.Locator("polygon").First).ToHaveAttributeAsync("class", "used");

        // Programs read the same; between two segments a worker is idle for a moment.
        var busy = await BusyAsync("cuda:0");
        Assert.Equal(("segment", 700, "Test card"), ((string?)busy["work"], (int)busy["segments"]!, (string?)busy["card"]!["device"]));
        Assert.InRange(busy["history"]!.AsArray().Count, 1, 300);
        var plain = (await fixture.Server.Client.GetFromJsonAsync<JsonObject>("/v1/workers", Stop))!["workers"]!.AsArray();
        Assert.All(plain, view => Assert.Null(view!["history"]));

        await fixture.Server.Client.PostAsync($"/v1/jobs/{id}/cancel", content: null, Stop);
        await Assertions.Expect(card.Locator(".chip")).ToHaveTextAsync("Idle");
        await Assertions.Expect(card).ToContainTextAsync("Read at the end of its last work.");
        visitor.AssertQuiet();
    }

    [Fact]
    public async Task Errors_AreCountedByKind()
    {
        const int InvalidInput = 4;
        var first = await fixture.Jobs.SubmitAsync(JobClient.Seed(fault: InvalidInput));
        await fixture.Jobs.WaitAsync(first);
        var before = await CountAsync();
        var newest = await fixture.Jobs.SubmitAsync(JobClient.Seed(fault: InvalidInput));
        await fixture.Jobs.WaitAsync(newest);
        Assert.Equal(before + 1, await CountAsync());
        await using var visitor = await browser.VisitAsync(fixture.Server.Address);
        var page = visitor.Page;
        await visitor.OpenAsync("/admin");
        var kind = page.Locator(".kinds > li").Filter(new() { HasText = "invalid_input" });
        await Assertions.Expect(kind).ToContainTextAsync("The video cannot be decoded; check that it plays.");
        await kind.GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(fixture.Server.Address, "/jobs/" + newest).ToString());
        await Assertions.Expect(page.GetByText("The video cannot be decoded; check that it plays.")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".state .chip")).ToHaveTextAsync("Failed");
    }

    [Fact]
    public async Task Storage_IsMeasured_AndTheOwnersTotalIsShown()
    {
        var id = await fixture.Jobs.SubmitAsync(JobClient.Seed());
        await fixture.Jobs.WaitAsync(id);
        var storage = (await fixture.Server.Client.GetFromJsonAsync<JsonObject>("/v1/storage", Stop))!;
        foreach (var name in new[] { "upload_bytes", "database_bytes", "free_bytes" })
        {
            Assert.True((long)storage[name]! > 0, $"{name} is {storage[name]}.");
        }

        await using var visitor = await browser.VisitAsync(fixture.Server.Address);
        await visitor.OpenAsync("/admin");
        var panel = visitor.Page.Locator("section", new() { Has = visitor.Page.Locator("#storage") });
        await Assertions.Expect(panel).ToContainTextAsync("Free on the disk");
        await Assertions.Expect(panel).ToContainTextAsync("GiB");
        await visitor.OpenAsync("/jobs");
        await Assertions.Expect(visitor.Page.Locator(".total")).ToContainTextAsync("The next is deleted");
        await Assertions.Expect(visitor.Page.Locator(".total")).ToContainTextAsync("storage: ");
    }

    [Theory]
    [InlineData(390, ColorScheme.Dark, "en-GB", "Admin")]
    [InlineData(1440, ColorScheme.Light, "en-GB", "Admin")]
    [InlineData(390, ColorScheme.Light, "zh-CN", "管理")]
    [InlineData(1440, ColorScheme.Dark, "zh-CN", "管理")]
    public async Task TheView_IsAccessible(int width, ColorScheme colors, string language, string title)
    {
        const int InvalidInput = 4;
        await fixture.Jobs.WaitAsync(await fixture.Jobs.SubmitAsync(JobClient.Seed(fault: InvalidInput)));
        await using var visitor = await browser.VisitAsync(
            fixture.Server.Address,
            new BrowserNewContextOptions
            {
                ViewportSize = new ViewportSize { Width = width, Height = 900 },
                ColorScheme = colors,
                Locale = language,
            }
        );
        var page = visitor.Page;
        await visitor.OpenAsync("/admin");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(title);
        await Assertions.Expect(page.Locator("#storage ~ dl")).ToBeVisibleAsync();
        await visitor.AssertAccessibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), "The view is wider than the screen.");
        visitor.AssertQuiet();
    }

    private async Task<JsonNode> BusyAsync(string device)
    {
        for (var tries = 0; ; tries++)
        {
            var views = (await fixture.Server.Client.GetFromJsonAsync<JsonObject>("/v1/workers?history=true", Stop))!["workers"]!.AsArray();
            var view = Assert.Single(views, view => (string?)view!["device"] == device)!;
            if ((string?)view["state"] == "busy")
            {
                return view;
            }

            Assert.True(tries < 100, $"The worker does nothing: {view}");
            await Task.Delay(50, Stop);
        }
    }

    private async Task<int> CountAsync()
    {
        var errors = (await fixture.Server.Client.GetFromJsonAsync<JsonObject>("/v1/errors", Stop))!["errors"]!.AsArray();
        var error = Assert.Single(errors, error => (string?)error!["kind"] == "invalid_input")!;
        Assert.True((int)error["last_week"]! >= (int)error["last_day"]!);
        return (int)error["last_day"]!;
    }
}

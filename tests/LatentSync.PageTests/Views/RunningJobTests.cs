using LatentSync.PageTests.Support;
using LatentSync.ServerTests.Support;
using Microsoft.Playwright;

namespace LatentSync.PageTests.Views;

/// <summary>Jobs that run, stop and go on.</summary>
public sealed class RunningJobTests(Browser browser, PageFixture fixture)
{
    // The fixture's workers share a job: it lasts a minute and a half unless it is cancelled.
    private static readonly long Long = JobClient.Seed(segments: 40, milliseconds: 9_000);

    [Fact]
    public async Task Cancel_ThenRetry()
    {
        var id = await fixture.Jobs.SubmitAsync(Long);
        await using var visitor = await browser.VisitAsync(fixture.Server.Address);
        var page = visitor.Page;
        await visitor.OpenAsync($"/jobs/{id}");
        await Assertions.Expect(page.Locator(".chip")).ToHaveTextAsync("Generating");
        await Assertions.Expect(page.Locator("dl")).ToContainTextAsync("of 40");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Assertions.Expect(page.Locator(".chip")).ToHaveTextAsync("Cancelled");
        await page.GetByRole(AriaRole.Button, new() { Name = "Retry from where it stopped" }).ClickAsync();
        await Assertions.Expect(page.Locator(".chip")).ToHaveTextAsync("Generating");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Assertions.Expect(page.Locator(".chip")).ToHaveTextAsync("Cancelled");
        visitor.AssertQuiet();
    }

    [Fact]
    public async Task AFailure_IsASentenceWithRetry()
    {
        const int InvalidInput = 4;
        var id = await fixture.Jobs.SubmitAsync(JobClient.Seed(fault: InvalidInput));
        await fixture.Jobs.WaitAsync(id);
        await using var visitor = await browser.VisitAsync(fixture.Server.Address);
        await visitor.OpenAsync($"/jobs/{id}");
        await Assertions.Expect(visitor.Page.GetByText("The video cannot be decoded; check that it plays.")).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Retry from where it stopped" })).ToBeVisibleAsync();
    }

    /// <summary>The engine dies at every attempt, until somebody who looks says again.</summary>
    [Fact]
    public async Task AKilledEngine_ThenRetry()
    {
        const int Crash = 1;
        var id = await fixture.Jobs.SubmitAsync(JobClient.Seed(fault: Crash));
        await using var visitor = await browser.VisitAsync(fixture.Server.Address);
        var page = visitor.Page;
        await visitor.OpenAsync($"/jobs/{id}");
        await Assertions.Expect(page.Locator(".chip")).ToHaveTextAsync("Failed", new() { Timeout = 30_000 });
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("engine");
        var attempts = await EventsAsync(id);
        await page.GetByRole(AriaRole.Button, new() { Name = "Retry from where it stopped" }).ClickAsync();
        await Assertions.Expect(page.Locator(".chip")).Not.ToHaveTextAsync("Failed");
        await Assertions.Expect(page.Locator(".chip")).ToHaveTextAsync("Failed", new() { Timeout = 30_000 });
        Assert.True(await EventsAsync(id) > attempts, "Nothing was tried again.");
        visitor.AssertQuiet();
    }

    [Fact]
    public async Task WhoAsks_IsNotified()
    {
        var id = await fixture.Jobs.SubmitAsync(Long);
        await using var visitor = await browser.VisitAsync(fixture.Server.Address);
        var page = visitor.Page;
        await visitor.Context.GrantPermissionsAsync(["notifications"]);
        await visitor.Context.AddInitScriptAsync(
            """
            window.shown = [];
            window.Notification = class extends EventTarget {
              static requestPermission() { return Promise.resolve('granted'); }
              constructor(title, options) { super(); window.shown.push(`${title}: ${options.body}`); }
            };
            """
        );
        await visitor.OpenAsync($"/jobs/{id}");
        var notify = page.GetByRole(AriaRole.Button, new() { Name = "Notify me when it is done" });
        await notify.ClickAsync();
        await Assertions.Expect(notify).ToHaveAttributeAsync("aria-pressed", "true");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await page.WaitForFunctionAsync("() => window.shown.length === 1 && window.shown[0] === 'Cancelled: a.mp4'");
    }

    [Fact]
    public async Task History_FiltersAndDeletes()
    {
        var id = await fixture.Jobs.SubmitAsync(JobClient.Seed());
        await fixture.Jobs.WaitAsync(id);
        await using var visitor = await browser.VisitAsync(fixture.Server.Address);
        var page = visitor.Page;
        await visitor.OpenAsync("/jobs");
        var job = page.Locator("li", new() { Has = page.Locator($"a[href='/jobs/{id}']") });
        await Assertions.Expect(job).ToContainTextAsync("Done");
        await page.GetByLabel("Show").SelectOptionAsync("busy");
        await Assertions.Expect(job).ToHaveCountAsync(0);
        await page.GetByLabel("Show").SelectOptionAsync("succeeded");
        await job.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(job).ToHaveCountAsync(1);
        await job.GetByRole(AriaRole.Button, new() { Name = "Delete for good?" }).ClickAsync();
        await Assertions.Expect(job).ToHaveCountAsync(0);
        using var answer = await fixture.Server.Client.GetAsync($"/v1/jobs/{id}", TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
    }

    private async Task<int> EventsAsync(string id)
    {
        var changes = 0;
        await using var stream = await fixture.Server.Client.GetStreamAsync($"/v1/jobs/{id}/events", TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            changes += line.StartsWith("event:", StringComparison.Ordinal) ? 1 : 0;
        }

        return changes;
    }

    [Fact]
    public async Task AnUploadThatIsCut_Resumes()
    {
        await using var visitor = await browser.VisitAsync(fixture.Server.Address);
        var page = visitor.Page;
        await visitor.OpenAsync("/");
        var cuts = 0;
        await page.RouteAsync("**/v1/uploads/*", route => ++cuts == 1 ? route.AbortAsync() : route.ContinueAsync());
        await page.SetInputFilesAsync("[data-kind=video] input", JobFiles.Video(JobClient.Seed(), length: 1 << 20));
        await Assertions.Expect(page.Locator("#video-status")).ToContainTextAsync("Uploaded");
        Assert.True(cuts > 1, "Nothing was cut.");
    }
}

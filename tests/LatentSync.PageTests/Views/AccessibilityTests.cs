using LatentSync.PageTests.Support;
using LatentSync.ServerTests.Support;
using Microsoft.Playwright;

namespace LatentSync.PageTests.Views;

/// <summary>axe-core finds no violation of WCAG 2.2 AA, at the width of a phone and of a desktop, light and dark.</summary>
public sealed class AccessibilityTests(Browser browser, PageFixture fixture)
{
    [Theory]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(1440, ColorScheme.Dark)]
    public async Task EveryView(int width, ColorScheme colors)
    {
        const int InvalidInput = 4;
        var done = await fixture.Jobs.SubmitAsync(JobClient.Seed());
        var failed = await fixture.Jobs.SubmitAsync(JobClient.Seed(fault: InvalidInput));
        await fixture.Jobs.WaitAsync(done);
        await fixture.Jobs.WaitAsync(failed);
        var running = await fixture.Jobs.SubmitAsync(JobClient.Seed(segments: 1, milliseconds: 90_000));
        await using var visitor = await browser.VisitAsync(
            fixture.Server.Address,
            new BrowserNewContextOptions
            {
                ViewportSize = new ViewportSize { Width = width, Height = 900 },
                ColorScheme = colors,
            }
        );
        var page = visitor.Page;
        foreach (var path in new[] { "/jobs", $"/jobs/{running}", $"/jobs/{failed}", $"/jobs/{done}", "/jobs/job_0", "/" })
        {
            await visitor.OpenAsync(path);
            await page.EvaluateAsync("() => document.querySelectorAll('details').forEach((details) => { details.open = true; })");
            await visitor.AssertAccessibleAsync();
            Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), $"{path} is wider than the screen.");
        }

        await JobFiles.ChooseAsync(page, JobFiles.Video(JobClient.Seed()), JobFiles.Sound());
        await fixture.Server.Client.PostAsync($"/v1/jobs/{running}/cancel", content: null, TestContext.Current.CancellationToken);
        await Assertions.Expect(page.GetByText("The mouth can be painted")).ToBeVisibleAsync();
        await visitor.AssertAccessibleAsync();
    }

    [Fact]
    public async Task Keyboard_ReachesEverything()
    {
        await using var visitor = await browser.VisitAsync(fixture.Server.Address);
        var page = visitor.Page;
        await visitor.OpenAsync("/");
        await page.EvaluateAsync("() => document.activeElement.blur()");
        var reached = new HashSet<string>(StringComparer.Ordinal);
        for (var presses = 0; presses < 60; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            reached.Add(
                await page.EvaluateAsync<string>(
                    "() => document.activeElement.id || document.activeElement.name || document.activeElement.type || document.activeElement.textContent.trim()"
                )
            );
        }

        Assert.Superset(new HashSet<string>(["New", "History", "file", "quality", "option-sampler", "All other options"], StringComparer.Ordinal), reached);
    }
}

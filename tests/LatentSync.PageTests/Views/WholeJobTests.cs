using LatentSync.PageTests.Support;
using LatentSync.ServerTests.Support;
using LatentSync.TestKit;
using Microsoft.Playwright;

namespace LatentSync.PageTests.Views;

/// <summary>From two files to a result.</summary>
public sealed class WholeJobTests(Browser browser, PageFixture fixture)
{
    private static readonly TimeSpan RealLimit = TimeSpan.FromMinutes(10);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FromDropToDownload()
    {
        await using var visitor = await browser.VisitAsync(fixture.Server.Address);
        var page = visitor.Page;
        await visitor.OpenAsync("/");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Make the video" })).ToBeDisabledAsync();
        var video = JobFiles.Video(JobClient.Seed(segments: 3, milliseconds: 20));
        await JobFiles.ChooseAsync(page, video, JobFiles.Sound());
        await Assertions.Expect(page.Locator("#video-status")).ToContainTextAsync("Uploaded");
        await Assertions.Expect(page.GetByText("The mouth can be painted in all 750 frames.")).ToBeVisibleAsync();
        await page.GetByText("Fastest").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the video" }).ClickAsync();
        await Assertions.Expect(page.Locator(".chip")).ToHaveTextAsync("Done");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download" }).ClickAsync());
        Assert.Equal(JobClient.Expected(3, System.Text.Encoding.UTF8.GetString(video.Buffer)), await File.ReadAllTextAsync(await download.PathAsync(), Stop));
        await page.GetByText("Do this again from a program").ClickAsync();
        await Assertions.Expect(page.Locator("pre").First).ToContainTextAsync("\"inference_steps\":4");
        await Assertions
            .Expect(page.Locator("pre").Nth(1))
            .ToContainTextAsync(
                "latentsync sync --video head.mp4 --audio voice.wav --out result.mp4 --sampler dpmpp_2m --inference-steps 4 --cache-interval 2"
            );
        await page.GetByRole(AriaRole.Link, new() { Name = "Again with changes" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Radio, new() { Name = "Fastest" })).ToBeCheckedAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Make the video" })).ToBeEnabledAsync();
        visitor.AssertQuiet("Failed to load resource", "decode");
    }

    [Fact]
    public async Task ASecondVisitor_WatchesTheSameJob()
    {
        var id = await fixture.Jobs.SubmitAsync(JobClient.Seed(segments: 2, milliseconds: 800));
        await using var first = await browser.VisitAsync(fixture.Server.Address);
        await using var second = await browser.VisitAsync(fixture.Server.Address);
        await first.OpenAsync($"/jobs/{id}");
        await second.OpenAsync($"/jobs/{id}");
        await Assertions.Expect(first.Page.Locator(".chip")).ToHaveTextAsync("Done");
        await Assertions.Expect(second.Page.Locator(".chip")).ToHaveTextAsync("Done");
    }

    [Fact]
    public async Task AWrongOption_IsASentence()
    {
        await using var visitor = await browser.VisitAsync(fixture.Server.Address);
        var page = visitor.Page;
        await visitor.OpenAsync("/");
        await JobFiles.ChooseAsync(page, JobFiles.Video(JobClient.Seed()), JobFiles.Sound());
        await Assertions.Expect(page.GetByText("The mouth can be painted")).ToBeVisibleAsync();
        await page.GetByLabel("Steps").FillAsync("many");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the video" }).ClickAsync();
        await Assertions.Expect(page.GetByText("--inference-steps is many; it must be a whole number.")).ToBeVisibleAsync();
    }

    [Fact(Explicit = true)]
    public async Task WithTheBuiltInModel()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProgram.StartAsync(
            folder.File("data"),
            new Dictionary<string, string> { ["Devices:0"] = "cpu", ["MinFreeBytes"] = "0" },
            isReal: true
        );
        await using var visitor = await browser.VisitAsync(server.Address);
        var page = visitor.Page;
        await visitor.OpenAsync("/");
        await page.SetInputFilesAsync("[data-kind=video] input", Path.Combine(RepositoryFolder.Path, "samples", "head.mp4"));
        await page.SetInputFilesAsync("[data-kind=audio] input", Path.Combine(RepositoryFolder.Path, "samples", "voice.wav"));
        var patient = new LocatorAssertionsToBeVisibleOptions { Timeout = (float)RealLimit.TotalMilliseconds };
        await Assertions.Expect(page.GetByAltText("Face 1, frame")).ToBeVisibleAsync(patient);
        await page.GetByLabel("Steps").FillAsync("2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the video" }).ClickAsync();
        await Assertions.Expect(page.Locator(".chip")).ToHaveTextAsync("Done", new() { Timeout = patient.Timeout });
        await page.GetByRole(AriaRole.Slider, new() { Name = "Time" }).FillAsync("2");
        await page.GetByRole(AriaRole.Button, new() { Name = "One frame on" }).ClickAsync();
        await page.WaitForFunctionAsync(
            """
            () => {
              const [after, before] = ['[data-view=after]', '[data-clip] video'].map((selector) => document.querySelector(selector));
              return after.currentTime > 2 && before && Math.abs(after.currentTime - before.currentTime) < 1 / 25;
            }
            """
        );
        await page.GetByRole(AriaRole.Button, new() { Name = "Play or pause" }).ClickAsync();
        await page.WaitForFunctionAsync(
            """
            () => {
              const [after, before] = ['[data-view=after]', '[data-clip] video'].map((selector) => document.querySelector(selector));
              return after.currentTime > 3 && !before.paused && Math.abs(after.currentTime - before.currentTime) < 1 / 25;
            }
            """
        );
        await Assertions.Expect(page.GetByText("Correlation of mouth and loudness")).ToBeVisibleAsync(patient);
        visitor.AssertQuiet();
    }
}

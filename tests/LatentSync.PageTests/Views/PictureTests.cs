using LatentSync.PageTests.Support;
using LatentSync.ServerTests.Support;
using LatentSync.TestKit;
using Microsoft.Playwright;

namespace LatentSync.PageTests.Views;

/// <summary>
/// Pictures of every view with the built-in model: both languages, both themes, the widths of a phone and of a desktop. They are
/// to be looked at: <c>artifacts/page-pictures</c>, and as sheets in docs/images.
/// </summary>
public sealed class PictureTests(Browser browser)
{
    private const int Phone = 390;
    private const int Desktop = 1440;
    private const float Patience = 600_000;

    private static readonly string Folder = Directory.CreateDirectory(Path.Combine(RepositoryFolder.Path, "artifacts", "page-pictures")).FullName;
    private static readonly string Video = Path.Combine(RepositoryFolder.Path, "samples", "head.mp4");
    private static readonly string Sound = Path.Combine(RepositoryFolder.Path, "samples", "voice.wav");

    [Fact(Explicit = true)]
    public async Task EveryView()
    {
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string> { ["Devices:0"] = "cpu", ["MinFreeBytes"] = "0" };
        await using var server = await ServerProgram.StartAsync(folder.File("data"), settings, isReal: true);
        var jobs = await PrepareAsync(server);
        foreach (var language in new[] { "en", "zh" })
        {
            foreach (var colors in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                foreach (var width in new[] { Phone, Desktop })
                {
                    await using var visitor = await VisitAsync(server, language, colors, width);
                    var name = Invariant($"{language}-{(colors == ColorScheme.Dark ? "dark" : "light")}-{width}");
                    await TakeAsync(visitor, $"/?again={jobs.Done}", $"new-{name}");
                    await TakeAsync(visitor, $"/jobs/{jobs.Done}", $"done-{name}");
                    await TakeAsync(visitor, $"/jobs/{jobs.Failed}", $"failed-{name}");
                    await TakeAsync(visitor, $"/jobs/{jobs.Running}", $"running-{name}");
                    await TakeAsync(visitor, "/jobs", $"history-{name}");
                    await TakeAsync(visitor, "/admin", $"admin-{name}");
                }
            }
        }
    }

    [Fact(Explicit = true)]
    public async Task TheLogin()
    {
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string> { ["Devices:0"] = "cpu", ["MinFreeBytes"] = "0" };
        var (code, _, error) = await ServerProgram.RunAsync("keys", "add", "first", "--data", folder.File("data"));
        Assert.True(code == 0, error);
        await using var server = await ServerProgram.StartAsync(folder.File("data"), settings, arguments: ["--require-key"]);
        foreach (var (language, colors) in new[] { ("en", ColorScheme.Light), ("zh", ColorScheme.Dark) })
        {
            await using var visitor = await VisitAsync(server, language, colors, Phone);
            await TakeAsync(visitor, "/login", $"login-{language}");
        }
    }

    /// <summary>A job from the page with a preview before it, one that fails, and one that runs.</summary>
    private async Task<(string Done, string Failed, string Running)> PrepareAsync(ServerProgram server)
    {
        await using var visitor = await VisitAsync(server, "en", ColorScheme.Light, Desktop);
        var page = visitor.Page;
        await visitor.OpenAsync("/");
        await page.SetInputFilesAsync("[data-kind=video] input", Video);
        await page.SetInputFilesAsync("[data-kind=audio] input", Sound);
        await Assertions.Expect(page.GetByAltText("Face 1, frame")).ToBeVisibleAsync(new() { Timeout = Patience });
        await page.GetByText("Fastest").ClickAsync();
        await page.EvaluateAsync("() => { document.querySelector('[data-kind=video] video').currentTime = 1; }");
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview three seconds" }).ClickAsync();
        await Assertions.Expect(page.Locator(".preview .chip")).ToHaveTextAsync("Done", new() { Timeout = Patience });
        await page.Locator(".preview [data-view=after]").ScrollIntoViewIfNeededAsync();
        await ShootAsync(page, "preview-en-light-1440");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the video" }).ClickAsync();
        await page.WaitForURLAsync("**/jobs/*");
        await Assertions.Expect(page.GetByText("Correlation of mouth and loudness")).ToBeVisibleAsync(new() { Timeout = Patience });
        var done = page.Url.Split('/')[^1];
        var jobs = new JobClient(server.Client);
        var failed = await jobs.SubmitAsync();
        await jobs.WaitAsync(failed);
        await visitor.OpenAsync($"/?again={done}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the video" }).ClickAsync();
        await page.WaitForURLAsync("**/jobs/*");
        await Assertions.Expect(page.Locator(".live img")).ToBeVisibleAsync(new() { Timeout = Patience });
        return (done, failed, page.Url.Split('/')[^1]);
    }

    private Task<Visitor> VisitAsync(ServerProgram server, string language, ColorScheme colors, int width) =>
        browser.VisitAsync(
            server.Address,
            new BrowserNewContextOptions
            {
                Locale = language == "zh" ? "zh-CN" : "en-GB",
                ColorScheme = colors,
                ViewportSize = new ViewportSize { Width = width, Height = 900 },
            }
        );

    private static async Task TakeAsync(Visitor visitor, string path, string name)
    {
        await visitor.Page.GotoAsync(path);
        await visitor.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await ShootAsync(visitor.Page, name);
    }

    private static Task<byte[]> ShootAsync(IPage page, string name) =>
        page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Folder, name + ".png"), FullPage = true });
}

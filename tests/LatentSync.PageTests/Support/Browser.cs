using LatentSync.PageTests.Support;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Browser))]

namespace LatentSync.PageTests.Support;

/// <summary>The system's Chromium, started once. Nothing is downloaded; where there is none, the tests are skipped.</summary>
public sealed class Browser : IAsyncLifetime
{
    // Of Debian and Ubuntu, and what its installers of others are called.
    private static readonly string[] Paths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private static readonly string? Program = Environment.GetEnvironmentVariable("LATENTSYNC_CHROMIUM") ?? Array.Find(Paths, File.Exists);

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Program is null)
        {
            return;
        }

        // Browser and server share a machine with other tests.
        Assertions.SetDefaultExpectTimeout((float)Visitor.Limit.TotalMilliseconds);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = Program,
                Args = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>A browser of somebody else: no cookies, nothing cached.</summary>
    internal async Task<Visitor> VisitAsync(Uri server, BrowserNewContextOptions? options = null)
    {
        Assert.SkipWhen(_browser is null, "Chromium is not installed (Debian: apt-get install chromium), so the page cannot be shown.");
        options ??= new BrowserNewContextOptions();
        options.BaseURL = server.ToString();
        options.Locale ??= "en-GB";
        options.ReducedMotion = ReducedMotion.Reduce;
        return await Visitor.StartAsync(await _browser.NewContextAsync(options), server);
    }
}

using LatentSync.PageTests.Support;
using Microsoft.Playwright;

namespace LatentSync.PageTests.Views;

/// <summary>English and Chinese.</summary>
public sealed class LanguageTests(Browser browser, PageFixture fixture)
{
    [Fact]
    public async Task ChineseBrowser_GetsChinese()
    {
        await using var visitor = await browser.VisitAsync(fixture.Server.Address, new BrowserNewContextOptions { Locale = "zh-CN" });
        await visitor.OpenAsync("/");
        await Assertions.Expect(visitor.Page.Locator("html")).ToHaveAttributeAsync("lang", "zh-Hans");
        await Assertions.Expect(visitor.Page.Locator("h1")).ToHaveTextAsync("新建对口型视频");
        await Assertions.Expect(visitor.Page.GetByText("去噪步数").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task TheChoice_IsRemembered()
    {
        await using var visitor = await browser.VisitAsync(fixture.Server.Address);
        await visitor.OpenAsync("/");
        await Assertions.Expect(visitor.Page.Locator("h1")).ToHaveTextAsync("New lip sync");
        await visitor.Page.GetByText("中文").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("h1")).ToHaveTextAsync("新建对口型视频");
        await visitor.ReadyAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "历史记录" }).ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("h1")).ToHaveTextAsync("历史记录");
        await visitor.OpenAsync("/");
        await Assertions.Expect(visitor.Page.Locator("h1")).ToHaveTextAsync("新建对口型视频");
    }

    [Fact]
    public async Task Colours_FollowTheSystemUntilChosen()
    {
        await using var visitor = await browser.VisitAsync(fixture.Server.Address, new BrowserNewContextOptions { ColorScheme = ColorScheme.Dark });
        await visitor.OpenAsync("/");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Light colours" }).ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("html")).Not.ToHaveClassAsync("dark");
        await visitor.OpenAsync("/jobs");
        await Assertions.Expect(visitor.Page.Locator("html")).Not.ToHaveClassAsync("dark");
    }
}

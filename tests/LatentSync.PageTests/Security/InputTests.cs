using LatentSync.PageTests.Support;
using LatentSync.ServerTests.Support;
using Microsoft.Playwright;

namespace LatentSync.PageTests.Security;

/// <summary>A browser says what it likes.</summary>
public sealed class InputTests(Browser browser, PageFixture fixture)
{
    [Fact]
    public async Task AnAddressForAnUpload_IsRefused()
    {
        await using var visitor = await browser.VisitAsync(fixture.Server.Address);
        var page = visitor.Page;
        await visitor.OpenAsync("/");
        await page.SetInputFilesAsync("[data-kind=audio] input", JobFiles.Sound());
        await Assertions.Expect(page.Locator("#audio-status")).ToContainTextAsync("Uploaded");
        var video = JobFiles.Video(JobClient.Seed());
        var headers = new Dictionary<string, string> { ["Tus-Resumable"] = "1.0.0", ["Location"] = "/v1/uploads/http:stranger" };
        await page.RouteAsync("**/v1/uploads", route => route.FulfillAsync(new() { Status = 201, Headers = headers }));
        headers["Upload-Offset"] = Invariant($"{video.Buffer.Length}");
        await page.RouteAsync("**/v1/uploads/http:stranger", route => route.FulfillAsync(new() { Status = 204, Headers = headers }));
        await page.SetInputFilesAsync("[data-kind=video] input", video);
        await Assertions.Expect(page.GetByText("This server takes no addresses as inputs")).ToBeVisibleAsync();
    }
}

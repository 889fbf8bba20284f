using System.Net;
using LatentSync.PageTests.Support;
using LatentSync.ServerTests.Support;
using Microsoft.Playwright;

namespace LatentSync.PageTests.Security;

/// <summary>A server that asks for keys.</summary>
public sealed class LoginTests(Browser browser, KeyFixture fixture) : IClassFixture<KeyFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ServerProgram Server => fixture.Server;

    [Fact]
    public async Task AKey_OpensThePage()
    {
        var key = await fixture.AddKeyAsync("anna");
        await using var visitor = await browser.VisitAsync(Server.Address);
        var page = visitor.Page;
        await page.GotoAsync("/jobs");
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(Server.Address, "/login?back=%2Fjobs").ToString());
        await visitor.AssertAccessibleAsync();
        await page.GetByLabel("Key").FillAsync("lsk_0_0");
        await page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("There is no such key");
        await page.GetByLabel("Key").FillAsync(key);
        await page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("History");
        await visitor.ReadyAsync();
        await Assertions.Expect(page.GetByText("anna")).ToBeVisibleAsync();
        var cookie = Assert.Single(await visitor.Context.CookiesAsync(), cookie => cookie.Name == "latentsync");
        Assert.True(cookie is { HttpOnly: true, SameSite: SameSiteAttribute.Strict });

        // Uploads and the job are hers.
        await visitor.OpenAsync("/");
        await JobFiles.ChooseAsync(page, JobFiles.Video(JobClient.Seed()), JobFiles.Sound());
        await Assertions.Expect(page.GetByText("The mouth can be painted")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the video" }).ClickAsync();
        await Assertions.Expect(page.Locator(".chip")).ToHaveTextAsync("Done");
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Get, page.Url.Replace("/jobs/", "/v1/jobs/", StringComparison.Ordinal), key: key));
        await page.GetByRole(AriaRole.Button, new() { Name = "Log out" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Key")).ToBeVisibleAsync();
        Assert.DoesNotContain(await visitor.Context.CookiesAsync(), cookie => cookie.Name == "latentsync");
        visitor.AssertQuiet("Failed to load resource");
    }

    [Fact]
    public async Task TheCookie_CountsForThePageOnly()
    {
        var id = await fixture.AddKeyAsync("mallory's target");
        await using var visitor = await browser.VisitAsync(Server.Address);
        await visitor.Page.GotoAsync("/login");
        await visitor.Page.GetByLabel("Key").FillAsync(id);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("h1")).ToHaveTextAsync("New lip sync");
        var cookie = (await visitor.Context.CookiesAsync()).Single(cookie => cookie.Name == "latentsync").Value;
        var own = Server.Address.GetLeftPart(UriPartial.Authority);

        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Get, "/v1/jobs", cookie));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Get, "/v1/jobs", cookie, ("Sec-Fetch-Site", "same-origin")));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(HttpMethod.Post, "/v1/jobs/job_0/cancel", cookie, ("Origin", own)));

        // Another port of the same host is the same site, so SameSite does not keep its pages out.
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(HttpMethod.Get, "/v1/jobs", cookie, ("Sec-Fetch-Site", "same-site")));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(HttpMethod.Get, "/v1/jobs", cookie, ("Sec-Fetch-Site", "cross-site")));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(HttpMethod.Get, "/_blazor", cookie, ("Origin", "http://127.0.0.1:1")));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(HttpMethod.Post, "/v1/jobs/job_0/cancel", cookie, ("Origin", "http://127.0.0.1:1")));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(HttpMethod.Post, "/v1/jobs/job_0/cancel", cookie, ("Origin", "null")));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(HttpMethod.Post, "/v1/jobs/job_0/cancel", cookie));

        // A revoked key takes its cookie along.
        var (code, _, error) = await ServerProgram.RunAsync("keys", "revoke", id.Split('_')[1], "--data", fixture.Data);
        Assert.True(code == 0, error);
        await Task.Delay(TimeSpan.FromSeconds(6), Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(HttpMethod.Get, "/v1/jobs", cookie));
    }

    [Fact]
    public async Task WithoutAKey_NothingIsShown()
    {
        Assert.Equal(HttpStatusCode.Found, await SendAsync(HttpMethod.Get, "/"));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(HttpMethod.Post, "/_blazor/negotiate"));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(HttpMethod.Get, "/page/uploads/upl_0"));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(HttpMethod.Post, "/login"));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Get, "/page/assets/page.css"));
    }

    private async Task<HttpStatusCode> SendAsync(
        HttpMethod method,
        string path,
        string? cookie = null,
        (string Name, string Value)? header = null,
        string? key = null
    )
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        using var request = new HttpRequestMessage(method, new Uri(Server.Address, path));
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", $"latentsync={cookie}");
        }

        if (header is { } more)
        {
            request.Headers.Add(more.Name, more.Value);
        }

        if (key is not null)
        {
            request.Headers.Add("Authorization", $"Bearer {key}");
        }

        using var answer = await client.SendAsync(request, Stop);
        return answer.StatusCode;
    }
}

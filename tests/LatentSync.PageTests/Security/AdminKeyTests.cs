using System.Net;
using LatentSync.PageTests.Support;
using LatentSync.ServerTests.Support;
using Microsoft.Playwright;

namespace LatentSync.PageTests.Security;

/// <summary>Who may see the view of operators, and what they do with keys there.</summary>
public sealed class AdminKeyTests(Browser browser, KeyFixture fixture) : IClassFixture<KeyFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ServerProgram Server => fixture.Server;

    [Fact]
    public async Task WithoutAKey_OneIsAskedFor()
    {
        await using var visitor = await browser.VisitAsync(Server.Address);
        await visitor.Page.GotoAsync("/admin");
        await Assertions.Expect(visitor.Page).ToHaveURLAsync(new Uri(Server.Address, "/login?back=%2Fadmin").ToString());
    }

    [Fact]
    public async Task AKeyWithoutTheScope_SeesNothing()
    {
        await using var visitor = await LogInAsync(await fixture.AddKeyAsync("reader"));
        var page = visitor.Page;
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "History" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Admin" })).ToHaveCountAsync(0);
        var answer = await page.GotoAsync("/admin");
        Assert.Equal((int)HttpStatusCode.Forbidden, answer!.Status);
        await visitor.ReadyAsync();
        await Assertions.Expect(page.GetByText("The key has not the scope admin")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("section")).ToHaveCountAsync(0);
        await visitor.AssertAccessibleAsync();

        // Nor by the way that asks no server for a document.
        await visitor.OpenAsync("/jobs");
        await page.EvaluateAsync("() => Blazor.navigateTo('/admin')");
        await Assertions.Expect(page.GetByText("The key has not the scope admin")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("section")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task AKeyIsMade_Used_AndRevoked()
    {
        await using var visitor = await LogInAsync(await fixture.AddKeyAsync("boss", "read", "admin"));
        var page = visitor.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "Admin" }).ClickAsync();
        await Assertions.Expect(page.Locator("li", new() { HasText = "boss" }).Locator(".chip")).ToHaveTextAsync("Yours");
        await page.GetByLabel("Whose, for the list").FillAsync("dora");
        await Assertions.Expect(page.GetByRole(AriaRole.Checkbox, new() { Name = "admin" })).Not.ToBeCheckedAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the key" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Keep this key now; it cannot be shown again.")).ToBeVisibleAsync();
        await visitor.AssertAccessibleAsync();
        var made = await page.Locator(".made pre").TextContentAsync();
        Assert.StartsWith("lsk_", made, StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Button, new() { Name = "Hide" }).ClickAsync();
        await Assertions.Expect(page.GetByText(made!)).ToHaveCountAsync(0);
        var row = page.Locator("li", new() { HasText = "dora" });
        await Assertions.Expect(row).ToContainTextAsync("submit, read");
        await Assertions.Expect(row).ToContainTextAsync("not used since the server's start");

        await using (var dora = await LogInAsync(made!))
        {
            await Assertions.Expect(dora.Page.GetByText("dora")).ToBeVisibleAsync();
        }

        Assert.Equal(HttpStatusCode.OK, await GetAsync(made!));
        await visitor.OpenAsync("/admin");
        await Assertions.Expect(row).ToContainTextAsync("last used");
        await row.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        Assert.Equal(HttpStatusCode.OK, await GetAsync(made!));
        await row.GetByRole(AriaRole.Button, new() { Name = "Revoke for good?" }).ClickAsync();
        await Assertions.Expect(row.Locator(".chip")).ToHaveTextAsync("Revoked");
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(made!));
        var id = made!.Split('_')[1];
        var audit = await AuditAsync();
        Assert.Contains(audit, entry => entry.Action == "key.add" && entry.Target == id && entry.Who != "local");
        Assert.Contains(audit, entry => entry.Action == "key.revoke" && entry.Target == id && entry.Who != "local");

        // What the command line does is in it too.
        Assert.Contains(audit, entry => entry is { Action: "key.add", Who: "local" });
        visitor.AssertQuiet();
    }

    [Fact]
    public async Task ANameOrAScopeIsNeeded()
    {
        await using var visitor = await LogInAsync(await fixture.AddKeyAsync("careful", "read", "admin"));
        var page = visitor.Page;
        await visitor.OpenAsync("/admin");
        await page.GetByLabel("Whose, for the list").FillAsync("nobody");
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "submit" }).UncheckAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "read" }).UncheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the key" }).ClickAsync();
        await Assertions.Expect(page.GetByText("A key needs a name of at most 100 letters and scopes")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task ARevokedKey_SeesNothingMore()
    {
        var key = await fixture.AddKeyAsync("leaver", "read", "admin");
        await using var visitor = await LogInAsync(key);
        var page = visitor.Page;
        await visitor.OpenAsync("/admin");
        await Assertions.Expect(page.Locator("#workers")).ToBeVisibleAsync();
        var (code, _, error) = await ServerProgram.RunAsync("keys", "revoke", key.Split('_')[1], "--data", fixture.Data);
        Assert.True(code == 0, error);
        await Assertions.Expect(page.GetByText("The key does not work any more")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#workers")).ToHaveCountAsync(0);
    }

    private async Task<Visitor> LogInAsync(string key)
    {
        var visitor = await browser.VisitAsync(Server.Address);
        await visitor.Page.GotoAsync("/login");
        await visitor.Page.GetByLabel("Key").FillAsync(key);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("h1")).ToHaveTextAsync("New lip sync");
        await visitor.ReadyAsync();
        return visitor;
    }

    private async Task<HttpStatusCode> GetAsync(string key)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("Authorization", $"Bearer {key}");
        using var answer = await client.GetAsync(new Uri(Server.Address, "/v1/jobs"), Stop);
        return answer.StatusCode;
    }

    private async Task<List<(string Action, string Target, string Who)>> AuditAsync()
    {
        await using var database = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(fixture.Data, "server.db")};Mode=ReadOnly");
        await database.OpenAsync(Stop);
        await using var command = database.CreateCommand();
        command.CommandText = "SELECT Action, Target, Who FROM Audit";
        await using var rows = await command.ExecuteReaderAsync(Stop);
        var found = new List<(string, string, string)>();
        while (await rows.ReadAsync(Stop))
        {
            found.Add((rows.GetString(0), rows.GetString(1), rows.GetString(2)));
        }

        return found;
    }
}

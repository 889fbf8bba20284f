using LatentSync.PageTests.Support;

namespace LatentSync.PageTests.Security;

/// <summary>What a browser may do with the page.</summary>
public sealed class PolicyTests(PageFixture fixture)
{
    [Theory]
    [InlineData("/")]
    [InlineData("/jobs")]
    [InlineData("/jobs/job_0")]
    [InlineData("/login")]
    public async Task EveryView_HasAPolicy(string path)
    {
        using var answer = await fixture.Server.Client.GetAsync(path, TestContext.Current.CancellationToken);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnUpload_IsNoDocument()
    {
        var id = await fixture.Jobs.UploadAsync("<script>alert(1)</script>");
        using var answer = await fixture.Server.Client.GetAsync($"/page/uploads/{id}", TestContext.Current.CancellationToken);
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("sandbox", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }
}

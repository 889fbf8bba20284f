namespace LatentSync.ServerTests.Clients;

/// <summary>A receiver that checks with standardwebhooks; the cases are those of webhooks.mjs.</summary>
public sealed class StandardWebhooksClientTests(ClientFixture fixture) : IClassFixture<ClientFixture>
{
    [Theory]
    [InlineData("verifies")]
    [InlineData("failed")]
    [InlineData("retries")]
    public Task Client_Works(string name) => fixture.RunAsync("webhooks.mjs", name);
}

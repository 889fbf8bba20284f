namespace LatentSync.ServerTests.Clients;

/// <summary>The SDK of sync.so; the cases are those of sync-so.mjs.</summary>
public sealed class SyncSoClientTests(ClientFixture fixture) : IClassFixture<ClientFixture>
{
    [Theory]
    [InlineData("files")]
    [InlineData("links")]
    [InlineData("assets")]
    [InlineData("modes")]
    [InlineData("refuses")]
    [InlineData("fails")]
    [InlineData("cancel")]
    [InlineData("keys")]
    [InlineData("idempotency")]
    [InlineData("webhook")]
    public Task Client_Works(string name) => fixture.RunAsync("sync-so.mjs", name);
}

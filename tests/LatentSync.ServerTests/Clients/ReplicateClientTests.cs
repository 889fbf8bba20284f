namespace LatentSync.ServerTests.Clients;

/// <summary>The client of Replicate; the cases are those of replicate.mjs.</summary>
public sealed class ReplicateClientTests(ClientFixture fixture) : IClassFixture<ClientFixture>
{
    [Theory]
    [InlineData("run")]
    [InlineData("data")]
    [InlineData("polls")]
    [InlineData("waits")]
    [InlineData("cancel")]
    [InlineData("fails")]
    [InlineData("refuses")]
    [InlineData("models")]
    [InlineData("keys")]
    [InlineData("files")]
    [InlineData("webhook")]
    public Task Client_Works(string name) => fixture.RunAsync("replicate.mjs", name);
}

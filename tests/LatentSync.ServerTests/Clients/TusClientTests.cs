namespace LatentSync.ServerTests.Clients;

/// <summary>tus-js-client, with connections that break; the cases are those of tus.mjs.</summary>
public sealed class TusClientTests(ClientFixture fixture) : IClassFixture<ClientFixture>
{
    [Theory]
    [InlineData("chunks")]
    [InlineData("whole")]
    [InlineData("cut")]
    [InlineData("resume")]
    [InlineData("terminate")]
    [InlineData("refuses")]
    public Task Client_Works(string name) => fixture.RunAsync("tus.mjs", name);
}

namespace LatentSync.ServerTests.Clients;

/// <summary>A server behind a proxy: its links begin with the address that clients reach it by.</summary>
public sealed class PublicUrlTests(PublicClientFixture fixture) : IClassFixture<PublicClientFixture>
{
    [Theory]
    [InlineData("replicate.mjs", "output")]
    public Task Client_Works(string script, string name) => fixture.RunAsync(script, name);
}

namespace LatentSync.ServerTests.Clients;

/// <summary>The same server behind a proxy with TLS, which the clients reach by another address.</summary>
public sealed class PublicClientFixture : ClientFixture
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("PublicUrl", "https://lips.example")];
}

namespace LatentSync.ServerTests.Clients;

/// <summary>The client of OpenAI; the cases are those of openai.mjs.</summary>
public sealed class OpenAiClientTests(ClientFixture fixture) : IClassFixture<ClientFixture>
{
    [Theory]
    [InlineData("create")]
    [InlineData("lists")]
    [InlineData("named")]
    [InlineData("streams")]
    [InlineData("refuses")]
    [InlineData("fails")]
    [InlineData("cancel")]
    [InlineData("keys")]
    [InlineData("idempotency")]
    public Task Client_Works(string name) => fixture.RunAsync("openai.mjs", name);
}

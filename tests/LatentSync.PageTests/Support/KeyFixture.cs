using LatentSync.ServerTests.Support;
using LatentSync.TestKit;

namespace LatentSync.PageTests.Support;

/// <summary>A server that asks for keys.</summary>
public sealed class KeyFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    private ServerProgram? _server;

    internal ServerProgram Server => _server!;

    internal string Data => _folder.File("data");

    public async ValueTask InitializeAsync()
    {
        await AddKeyAsync("first");
        var settings = new Dictionary<string, string> { ["Devices:0"] = "cpu", ["MinFreeBytes"] = "0" };
        _server = await ServerProgram.StartAsync(Data, settings, arguments: ["--require-key"]);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Makes a key that may submit and read, or what its scopes say.</summary>
    internal async Task<string> AddKeyAsync(string name, params string[] scopes)
    {
        string[] given = [.. scopes.SelectMany(scope => new[] { "--scope", scope })];
        var (code, output, error) = await ServerProgram.RunAsync(["keys", "add", name, "--data", Data, .. given]);
        Assert.True(code == 0, error);
        return output.Trim();
    }
}

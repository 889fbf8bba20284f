using LatentSync.ServerTests.Support;
using LatentSync.TestKit;

namespace LatentSync.PageTests.Support;

/// <summary>A server of its own for what operators see: a worker with a card and one without, whose work no other test shares.</summary>
public sealed class AdminFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    private ServerProgram? _server;

    internal ServerProgram Server => _server!;

    internal string Data => _folder.File("data");

    internal JobClient Jobs => new(Server.Client);

    public async ValueTask InitializeAsync() =>
        _server = await ServerProgram.StartAsync(
            Data,
            new Dictionary<string, string>
            {
                ["Devices:0"] = "cpu",
                ["Devices:1"] = "cuda:0",
                ["MinFreeBytes"] = "0",
            }
        );

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}

using LatentSync.PageTests.Support;
using LatentSync.ServerTests.Support;
using LatentSync.TestKit;

[assembly: AssemblyFixture(typeof(PageFixture))]

namespace LatentSync.PageTests.Support;

/// <summary>A server with the test engine for all tests.</summary>
public sealed class PageFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    private ServerProgram? _server;

    internal ServerProgram Server => _server!;

    internal JobClient Jobs => new(Server.Client);

    public async ValueTask InitializeAsync() =>
        _server = await ServerProgram.StartAsync(
            Path.Combine(_folder.Path, "data"),
            new Dictionary<string, string>
            {
                // A job that runs long in one test leaves room for those of others.
                ["Devices:0"] = "cpu",
                ["Devices:1"] = "cuda:0",
                ["Devices:2"] = "cuda:1",
                ["Devices:3"] = "cuda:2",
                ["MinFreeBytes"] = "0",

                // A job that fails at every attempt has failed after a pause of two seconds.
                ["Attempts"] = "2",
            }
        );

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}

using LatentSync.TestKit;

namespace LatentSync.ServerTests.Support;

/// <summary>One server for all tests of a class, with two workers.</summary>
public class ServerFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    private ServerProgram? _server;

    /// <summary>What the server keeps its rows in.</summary>
    protected virtual TestDatabase Database => TestDatabase.Sqlite;

    /// <summary>The server. Where its database is not installed the test is skipped: a fixture cannot skip.</summary>
    internal ServerProgram Server
    {
        get
        {
            TestServices.SkipIf(TestServices.Missing(Database));
            return _server!;
        }
    }

    internal JobClient Jobs => new(Server.Client);

    internal string Data => Path.Combine(_folder.Path, "data");

    public async ValueTask InitializeAsync()
    {
        if (TestServices.Missing(Database) is not null)
        {
            return;
        }

        _server = await ServerProgram.StartAsync(
            Data,
            new Dictionary<string, string>
            {
                ["Devices:0"] = "cpu",
                ["Devices:1"] = "auto",
                ["EngineSilence"] = "00:00:03",

                // Between attempts are pauses of 2, 4 and 8 s.
                ["Attempts"] = "2",
                ["MinFreeBytes"] = "0",
                ["AllowPrivateAddresses"] = "true",
            },
            database: Database
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Dispose();
        GC.SuppressFinalize(this);
    }
}

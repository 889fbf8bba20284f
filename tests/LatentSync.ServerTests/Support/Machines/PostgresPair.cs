using System.Diagnostics;
using LatentSync.TestKit;
using Npgsql;

namespace LatentSync.ServerTests.Support.Machines;

/// <summary>PostgreSQL with a standby that has every change before it is acknowledged, by <c>eng/services.sh</c>.</summary>
internal sealed class PostgresPair : IAsyncDisposable
{
    private const int Port = 18340;

    private static readonly string Script = Path.Combine(RepositoryFolder.Path, "eng", "services.sh");

    private readonly TemporaryFolder _folder = new();
    private readonly bool _hasStandby;

    private PostgresPair(bool hasStandby) => _hasStandby = hasStandby;

    /// <summary>Starts it, empty; tests are skipped without PostgreSQL.</summary>
    /// <param name="hasStandby">Whether there is a standby.</param>
    public static async Task<PostgresPair> StartAsync(bool hasStandby = true)
    {
        Assert.SkipUnless(Directory.Exists("/usr/lib/postgresql"), "PostgreSQL is not installed; on Debian and Ubuntu: apt-get install postgresql.");
        var pair = new PostgresPair(hasStandby);
        await pair.RunAsync("start", "postgres");
        if (hasStandby)
        {
            await pair.RunAsync("start", "standby");
        }

        return pair;
    }

    /// <summary>How to reach whichever of the two may be written.</summary>
    public async Task<string> ConnectionAsync(string database)
    {
        var settings = await RunAsync("settings");
        var line = settings.Split('\n').First(line => line.StartsWith("LATENTSYNC_SERVER__DATABASE=", StringComparison.Ordinal));
        return new NpgsqlConnectionStringBuilder(line.Split('=', 2)[1]) { Database = database }.ToString();
    }

    /// <summary>The one that may be written is killed, and does not come back.</summary>
    public Task KillAsync() => RunAsync("stop", "--kill", "postgres");

    /// <summary>Starts it again.</summary>
    public Task RestartAsync() => RunAsync("start", "postgres");

    /// <summary>The standby takes over.</summary>
    public Task PromoteAsync() => RunAsync("promote");

    public async ValueTask DisposeAsync()
    {
        await RunAsync(["stop", "--kill", "postgres", .. _hasStandby ? ["standby"] : Array.Empty<string>()]);
        _folder.Dispose();
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        // What it starts lives on and must not hold a pipe.
        var output = _folder.File("output");
        using var process = Process.Start(
            "bash",
            [
                "-c",
                "chmod 755 \"$1\" && LATENTSYNC_SERVICES=\"$1/services\" LATENTSYNC_SERVICES_PORT=$2 exec bash \"${@:3}\" >\"$0\" </dev/null",
                output,
                _folder.Path,
                Invariant($"{Port}"),
                Script,
                .. arguments,
            ]
        );
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.True(process.ExitCode == 0, $"eng/services.sh {string.Join(' ', arguments)} failed.");
        return await File.ReadAllTextAsync(output);
    }
}

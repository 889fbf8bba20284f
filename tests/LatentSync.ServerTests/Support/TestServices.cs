using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using LatentSync.TestKit;
using Npgsql;

namespace LatentSync.ServerTests.Support;

/// <summary>PostgreSQL, RabbitMQ and S3 on this machine, by <c>eng/services.sh</c>; tests of what is not installed are skipped.</summary>
internal sealed class TestServices
{
    /// <summary>Those that nobody disturbs.</summary>
    public static readonly TestServices Calm = new("latentsync-test-services", 18320);

    /// <summary>Those that tests stop and kill.</summary>
    public static readonly TestServices Disturbed = new("latentsync-disturbed-services", 18330);

    private const string Prefix = "test_";

    private static readonly string Script = Path.Combine(RepositoryFolder.Path, "eng", "services.sh");

    private readonly Lock _gate = new();
    private readonly string _folder;
    private FileStream? _use;
    private readonly int _port;
    private readonly Lazy<Task> _postgres;
    private readonly Lazy<Task> _others;
    private readonly Lazy<Task<Dictionary<string, string>>> _all;

    private TestServices(string folder, int port)
    {
        (_folder, _port) = (Path.Combine(Path.GetTempPath(), folder), port);
        _postgres = new(StartPostgresAsync);
        _others = new(() => RunAsync("start", "rabbitmq", "s3"));
        _all = new(SettingsAsync);
    }

    /// <summary>Why there can be no fleet here; null if there can.</summary>
    public static string? MissingForFleet =>
        Missing(TestDatabase.Postgres)
        ?? (File.Exists("/usr/lib/rabbitmq/bin/rabbitmq-server") ? null : "RabbitMQ is not installed; on Debian and Ubuntu: apt-get install rabbitmq-server.");

    /// <summary>Skips a test for a reason, if there is one.</summary>
    public static void SkipIf(string? reason) => Assert.SkipUnless(reason is null, reason ?? string.Empty);

    /// <summary>Why there can be no server with this database here; null if there can.</summary>
    public static string? Missing(TestDatabase database) =>
        database == TestDatabase.Sqlite || HasPostgres() ? null : "PostgreSQL is not installed; on Debian and Ubuntu: apt-get install postgresql.";

    /// <summary>The settings of a server with this database; the same folder gives the same database again.</summary>
    public async Task<Dictionary<string, string>> SettingsAsync(TestDatabase database, string data)
    {
        if (database == TestDatabase.Sqlite)
        {
            return [];
        }

        SkipIf(Missing(database));
        await _postgres.Value;
        return new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Database"] = await DatabaseAsync(data) };
    }

    /// <summary>The settings of a fleet: database, broker and, in S3, a folder of its own.</summary>
    public async Task<Dictionary<string, string>> FleetAsync(string data)
    {
        var settings = await SettingsAsync(TestDatabase.Postgres, data);
        SkipIf(MissingForFleet);
        await _others.Value;
        foreach (var (name, value) in await _all.Value)
        {
            settings.TryAdd(name, value);
        }

        settings["Store:Prefix"] = Name(data) + "/";
        settings["BrokerPrefix"] = Name(data);
        return settings;
    }

    /// <summary>Waits until no other run of tests on this machine disturbs these services, and keeps it from doing so.</summary>
    public async Task<IDisposable> HoldAsync()
    {
        for (var start = TimeProvider.System.GetTimestamp(); ; await Task.Delay(500, TestContext.Current.CancellationToken))
        {
            try
            {
                return new FileStream(_folder + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromMinutes(20))
            {
                // The other is at it.
            }
        }
    }

    /// <summary>Starts or stops services, as an operator would.</summary>
    public async Task RunAsync(params string[] arguments)
    {
        if (arguments is ["start", ..])
        {
            await UseAsync();
        }

        // What it starts lives on and must not hold this pipe.
        using var process = Process.Start(Command(arguments))!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"eng/services.sh {string.Join(' ', arguments)} failed.");
    }

    /// <summary>
    /// This process needs the services no more: the last one that used them has them stopped, by a process that nobody waits for.
    /// </summary>
    public void Release()
    {
        lock (_gate)
        {
            if (_use is null)
            {
                return;
            }

            _use.Dispose();
            _use = null;
        }

        // Who still uses them holds the file too; who comes meanwhile waits until they are stopped.
        var stop = Command("stop");
        stop.FileName = "setsid";
        foreach (var (place, argument) in new[] { "--fork", "flock", "--nonblock", UseFile, "bash" }.Index())
        {
            stop.ArgumentList.Insert(place, argument);
        }

        stop.RedirectStandardOutput = stop.RedirectStandardError = true;
        using var process = Process.Start(stop)!;
    }

    /// <summary>How to reach the database of a data folder.</summary>
    public async Task<string> DatabaseAsync(string data) =>
        new NpgsqlConnectionStringBuilder((await _all.Value)["Database"]) { Database = Name(data) }.ToString();

    private string UseFile => _folder + ".use";

    /// <summary>Says to other runs of tests that the services are used.</summary>
    private async Task UseAsync()
    {
        await File.AppendAllTextAsync(UseFile, string.Empty, TestContext.Current.CancellationToken);
        for (var start = TimeProvider.System.GetTimestamp(); ; await Task.Delay(200, TestContext.Current.CancellationToken))
        {
            try
            {
                lock (_gate)
                {
                    _use ??= new FileStream(UseFile, FileMode.Open, FileAccess.Read, FileShare.Read);
                }

                return;
            }
            catch (IOException) when (TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromMinutes(2))
            {
                // They are being stopped.
            }
        }
    }

    private ProcessStartInfo Command(params string[] arguments)
    {
        var command = new ProcessStartInfo("bash", [Script, .. arguments]) { RedirectStandardInput = true, UseShellExecute = false };
        command.Environment["LATENTSYNC_SERVICES"] = _folder;
        command.Environment["LATENTSYNC_SERVICES_PORT"] = Invariant($"{_port}");
        return command;
    }

    private static string Name(string data) => Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(data)))[..16];

    private static bool HasPostgres() => Directory.Exists("/usr/lib/postgresql");

    private async Task<Dictionary<string, string>> SettingsAsync()
    {
        var command = Command("settings");
        command.RedirectStandardOutput = true;
        using var process = Process.Start(command)!;
        var lines = await process.StandardOutput.ReadToEndAsync();
        return lines
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2))
            .ToDictionary(
                pair => pair[0]["LATENTSYNC_SERVER__".Length..].Replace("__", ":", StringComparison.Ordinal),
                pair => pair[1],
                StringComparer.OrdinalIgnoreCase
            );
    }

    /// <summary>Starts it, and drops what earlier runs left.</summary>
    private async Task StartPostgresAsync()
    {
        await RunAsync("start", "postgres");
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder((await _all.Value)["Database"]) { Database = "postgres", Pooling = false }.ToString()
        );
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var left = new List<string>();
        var unused = "SELECT datname FROM pg_database d WHERE datname LIKE 'test\\_%' AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid)";
        await using (var select = new NpgsqlCommand(unused, connection))
        await using (var reader = await select.ExecuteReaderAsync(TestContext.Current.CancellationToken))
        {
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            {
                left.Add(reader.GetString(0));
            }
        }

        foreach (var name in left)
        {
            await using var drop = new NpgsqlCommand($"DROP DATABASE IF EXISTS \"{name}\"", connection);
            await drop.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }
}

using System.Diagnostics;
using LatentSync.Fleet;
using LatentSync.Server;
using LatentSync.Server.Data;
using LatentSync.Server.Data.Providers;
using LatentSync.Server.Data.Writing;
using LatentSync.Server.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace LatentSync.FleetLoad;

/// <summary>PostgreSQL, RabbitMQ and S3 by <c>eng/services.sh</c>, and the parts of processes that use them.</summary>
internal sealed class Services : IAsyncDisposable
{
    private const string DatabaseName = "load";

    private readonly Dictionary<string, string?> _settings;
    private readonly List<WebApplication> _processes = [];
    private readonly string _folder = Path.Combine(Path.GetTempPath(), Invariant($"latentsync-fleet-load-{Environment.ProcessId}"));

    private Services(Dictionary<string, string?> settings) => _settings = settings;

    /// <summary>Starts the services; the database is empty.</summary>
    public static async Task<Services> StartAsync()
    {
        using var start = Process.Start(Script("start"))!;
        await start.WaitForExitAsync();
        var command = Script("settings");
        command.RedirectStandardOutput = true;
        using var process = Process.Start(command)!;
        var lines = (await process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var settings = lines
            .Select(line => line.Split('=', 2))
            .ToDictionary(
                pair => "Server:" + pair[0]["LATENTSYNC_SERVER__".Length..].Replace("__", ":", StringComparison.Ordinal),
                pair => (string?)pair[1],
                StringComparer.OrdinalIgnoreCase
            );
        var connection = new NpgsqlConnectionStringBuilder(settings["Server:Database"]) { Database = "postgres", Pooling = false };
        await using (var open = new NpgsqlConnection(connection.ToString()))
        {
            await open.OpenAsync();
            await using var drop = new NpgsqlCommand($"DROP DATABASE IF EXISTS {DatabaseName} WITH (FORCE)", open);
            await drop.ExecuteNonQueryAsync();
        }

        connection.Database = DatabaseName;
        connection.Pooling = true;

        // All parts of processes are in this one and share its connections.
        connection.MaxPoolSize = 100;
        settings["Server:Database"] = connection.ToString();
        settings["Server:BrokerPrefix"] = DatabaseName + Guid.NewGuid().ToString("N")[..8];
        settings["Server:Store:Prefix"] = DatabaseName + "/";
        settings["Server:MinFreeBytes"] = "0";
        var services = new Services(settings);
        await DatabaseUpgrade.RunAsync((await services.ProcessAsync(ServerRole.Api)).Services, CancellationToken.None);
        return services;
    }

    /// <summary>What a process of this role has; only its writers run.</summary>
    /// <param name="role">The role.</param>
    /// <param name="store">A shared folder instead of S3.</param>
    public async Task<WebApplication> ProcessAsync(ServerRole role, string? store = null)
    {
        var settings = new Dictionary<string, string?>(_settings, StringComparer.OrdinalIgnoreCase)
        {
            ["Server:Data"] = Path.Combine(_folder, Invariant($"{_processes.Count}")),
            ["Server:Role"] = role.ToString(),
            ["Server:Listen"] = "http://127.0.0.1:0",
        };
        if (store is not null)
        {
            settings.Remove("Server:Store:Bucket");
            settings["Server:Store:Folder"] = store;
        }

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var process = ServerHost.Build(configuration, [FleetPart.Of(configuration)]);
        _processes.Add(process);
        await process.Services.GetRequiredService<DatabaseWriter>().StartAsync(CancellationToken.None);
        return process;
    }

    /// <summary>A context of the database.</summary>
    public ServerDatabase Open() => _processes[0].Services.GetRequiredService<IDbContextFactory<ServerDatabase>>().CreateDbContext();

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.Services.GetRequiredService<DatabaseWriter>().StopAsync(CancellationToken.None);
            await process.DisposeAsync();
        }

        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static ProcessStartInfo Script(string argument)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LatentSync.slnx")))
            {
                return new ProcessStartInfo("bash", [Path.Combine(folder.FullName, "eng", "services.sh"), argument]);
            }
        }

        throw new DirectoryNotFoundException("This program is not in a checkout.");
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using LatentSync.Fleet.Postgres;
using LatentSync.Server.Data;
using LatentSync.ServerTests.Support.Machines;
using LatentSync.TestKit;
using Microsoft.EntityFrameworkCore;

namespace LatentSync.ServerTests.Support;

/// <summary>Several processes of one server on this machine, with PostgreSQL, RabbitMQ and S3.</summary>
internal sealed class FleetProgram : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<ServerProgram> _apis = [];
    private readonly List<ServerProgram> _workers = [];
    private readonly int _devices;
    private readonly string _device;
    private readonly bool _isReal;
    private readonly NetworkLab? _lab;
    private readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private string? _key;
    private int _started;

    private FleetProgram(int devices, string device, bool isReal, NetworkLab? lab) => (_devices, _device, _isReal, _lab) = (devices, device, isReal, lab);

    /// <summary>The processes that answer clients.</summary>
    public IReadOnlyList<ServerProgram> Apis => _apis;

    /// <summary>The processes that work.</summary>
    public IReadOnlyList<ServerProgram> Workers => _workers;

    /// <summary>What all of them are told.</summary>
    public Dictionary<string, string> Settings { get; private set; } = [];

    /// <summary>How to reach the database.</summary>
    public string Database => Settings["Database"];

    /// <summary>Starts a fleet.</summary>
    /// <param name="apis">Processes that answer clients.</param>
    /// <param name="workers">Processes that work.</param>
    /// <param name="devices">Workers of each of these.</param>
    /// <param name="more">Further settings.</param>
    /// <param name="services">What they share.</param>
    /// <param name="isFolder">With a shared folder instead of S3.</param>
    /// <param name="device">What workers run on.</param>
    /// <param name="isReal">With the real engine instead of the test's.</param>
    /// <param name="lab">With a machine for each process and each service.</param>
    public static async Task<FleetProgram> StartAsync(
        int apis = 2,
        int workers = 2,
        int devices = 2,
        IReadOnlyDictionary<string, string>? more = null,
        TestServices? services = null,
        bool isFolder = false,
        string device = "cpu",
        bool isReal = false,
        NetworkLab? lab = null
    )
    {
        var fleet = new FleetProgram(devices, device, isReal, lab);
        try
        {
            fleet.Settings = lab is null ? await (services ?? TestServices.Calm).FleetAsync(fleet._folder.File("fleet")) : await lab.ServeAsync();
            fleet.Settings["MinFreeBytes"] = "0";
            fleet.Settings["Lease"] = "00:00:05";
            fleet.Settings["Attempts"] = "50";
            fleet.Settings["StopGrace"] = "00:00:05";
            fleet.Settings["AllowPrivateAddresses"] = "true";
            fleet.Settings["LinkKey"] = new string('a', 64);
            fleet.Settings["WebhookSecret"] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
            if (isFolder)
            {
                foreach (var name in fleet.Settings.Keys.Where(name => name.StartsWith("Store:", StringComparison.OrdinalIgnoreCase)).ToList())
                {
                    fleet.Settings.Remove(name);
                }

                fleet.Settings["Store:Folder"] = Directory.CreateDirectory(fleet._folder.File("shared")).FullName;
            }

            foreach (var (name, value) in more ?? new Dictionary<string, string>())
            {
                fleet.Settings[name] = value;
            }

            if (lab is not null)
            {
                // Who listens beyond its own machine wants keys.
                var (code, output, error) = await ServerProgram.RunAsync(
                    fleet.Settings,
                    "keys",
                    "add",
                    "test",
                    "--data",
                    fleet._folder.File("keys"),
                    "--scope",
                    "admin",
                    "--scope",
                    "submit",
                    "--scope",
                    "read"
                );
                Assert.True(code == 0, error);
                fleet._key = output.Trim();
            }

            // The first makes the tables.
            fleet._apis.Add(await fleet.StartAsync("api"));
            var others = Enumerable.Range(1, apis - 1).Select(_ => fleet.StartAsync("api")).ToList();
            var working = Enumerable.Range(0, workers).Select(_ => fleet.StartAsync("worker")).ToList();
            fleet._apis.AddRange(await Task.WhenAll(others));
            fleet._workers.AddRange(await Task.WhenAll(working));
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one more process.</summary>
    /// <param name="role">Its role.</param>
    /// <param name="program">What starts it, such as <c>faketime</c> with arguments.</param>
    public Task<ServerProgram> StartAsync(string role, params string[] program) => StartAsync(role, new Dictionary<string, string>(), program);

    /// <inheritdoc cref="StartAsync(string, string[])"/>
    /// <param name="role">Its role.</param>
    /// <param name="more">Settings of this process alone.</param>
    /// <param name="program">What starts it.</param>
    public Task<ServerProgram> StartAsync(string role, IReadOnlyDictionary<string, string> more, params string[] program)
    {
        var settings = new Dictionary<string, string>(Settings);
        foreach (var (setting, value) in more)
        {
            settings[setting] = value;
        }

        for (var device = 0; device < _devices && role == "worker"; device++)
        {
            settings[Invariant($"Devices:{device}")] = _device;
        }

        var name = Invariant($"{role}{Interlocked.Increment(ref _started)}");
        return StartAsync(role, name, settings, program);
    }

    /// <summary>kill -9 of a process, and another in its place.</summary>
    public async Task ReplaceAsync(ServerProgram victim)
    {
        var (list, role) = _apis.Contains(victim) ? (_apis, "api") : (_workers, "worker");
        await victim.KillAsync();
        await victim.DisposeAsync();
        list[list.IndexOf(victim)] = await StartAsync(role);
    }

    /// <summary>The pieces of work of a job, as the database has them.</summary>
    public async Task<List<WorkItem>> WorkAsync(string job)
    {
        var options = new DbContextOptionsBuilder<ServerDatabase>();
        PostgresProvider.Use(options, Database, isRetried: true);
        await using var database = new ServerDatabase(options.Options);
        return await database.Work.AsNoTracking().Where(work => work.JobId == job).OrderBy(work => work.Id).ToListAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A client of one of the processes.</summary>
    public JobClient Jobs(int api = 0) => new(_apis[api % _apis.Count].Client) { Limit = TimeSpan.FromMinutes(4) };

    /// <summary>SIGSTOP or SIGCONT.</summary>
    public static async Task SignalAsync(ServerProgram process, string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, Invariant($"{process.ProcessId}")]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private async Task<ServerProgram> StartAsync(string role, string name, Dictionary<string, string> settings, string[] program)
    {
        if (_lab is null)
        {
            return await ServerProgram.StartAsync(_folder.File(name), settings, _isReal, program: program, arguments: ["--role", role]);
        }

        // The first of each role is its machine of the number 1.
        var machine = Invariant($"{role}{_numbers.AddOrUpdate(role, 1, (_, number) => number + 1)}");
        await _lab.AddAsync(machine);
        string[] arguments = ["--role", role, "--listen", Invariant($"http://{_lab.Address(machine)}:8300")];
        var process = await ServerProgram.StartAsync(_folder.File(name), settings, _isReal, program: NetworkLab.Enter(machine), arguments: arguments);
        process.Client.DefaultRequestHeaders.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", _key);
        return process;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_apis.Concat(_workers).Select(process => process.DisposeAsync().AsTask()));
        _folder.Dispose();
    }
}

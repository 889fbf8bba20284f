using System.Diagnostics;
using LatentSync.TestKit;

namespace LatentSync.ServerTests.Support.Machines;

/// <summary>
/// Machines with a network of their own: a network namespace each, joined by a bridge in another, and this test beside them. Between
/// any two of them packets can be made to vanish, in both directions and without a word, as when a cable is pulled behind a switch.
/// </summary>
internal sealed class NetworkLab : IAsyncDisposable
{
    private const string Network = "10.213.77";
    private const string Switch = "lslab-switch";
    private const string Own = "lslab";
    private const string Nobody = "02:00:00:00:de:ad";
    private const int FirstAddress = 10;
    private const int Port = 18350;

    private static readonly string[] Unreachable = ["unreachable", Network + ".0/24", "metric", "1000000"];
    private static readonly string Script = Path.Combine(RepositoryFolder.Path, "eng", "services.sh");

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _machines = [];
    private readonly List<(string Machine, string Service)> _services = [];

    private NetworkLab() { }

    private string Folder => _folder.File("services");

    /// <summary>Makes the network; tests are skipped where it cannot be made.</summary>
    public static async Task<NetworkLab> StartAsync()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && File.Exists("/usr/sbin/ip") && Environment.UserName == "root",
            "Network namespaces need Linux, root and ip; on Debian and Ubuntu: apt-get install iproute2."
        );
        var lab = new NetworkLab();

        // What is sent to a machine that is not there any more, or not yet, stays on this one.
        await RunAsync(["ip", "route", "replace", .. Unreachable]);
        await RunAsync(["ip", "netns", "add", Switch]);
        await RunAsync(["ip", "-n", Switch, "link", "add", "br0", "type", "bridge"]);
        await RunAsync(["ip", "-n", Switch, "link", "set", "br0", "up"]);
        await RunAsync(["ip", "link", "add", Own, "type", "veth", "peer", "name", "test", "netns", Switch]);
        await RunAsync(["ip", "addr", "add", Network + ".1/24", "dev", Own]);
        await RunAsync(["ip", "link", "set", Own, "up"]);
        await RunAsync(["ip", "-n", Switch, "link", "set", "test", "master", "br0", "up"]);
        return lab;
    }

    /// <summary>Puts a machine into the network, if it is not there.</summary>
    public async Task AddAsync(string machine)
    {
        if (_machines.Contains(machine))
        {
            return;
        }

        var name = Name(machine);
        await RunAsync(["ip", "netns", "add", name]);
        _machines.Add(machine);
        await RunAsync(["ip", "-n", name, "link", "set", "lo", "up"]);
        await RunAsync(["ip", "link", "add", "eth0", "netns", name, "type", "veth", "peer", "name", machine, "netns", Switch]);
        await RunAsync(["ip", "-n", name, "addr", "add", Address(machine) + "/24", "dev", "eth0"]);
        await RunAsync(["ip", "-n", name, "link", "set", "eth0", "up"]);
        await RunAsync(["ip", "-n", Switch, "link", "set", machine, "master", "br0", "up"]);
    }

    /// <summary>Where a machine is reached.</summary>
    public string Address(string machine) => Invariant($"{Network}.{FirstAddress + _machines.IndexOf(machine)}");

    /// <summary>What starts a program on a machine.</summary>
    public static string[] Enter(string machine) => ["ip", "netns", "exec", Name(machine)];

    /// <summary>Starts database, broker and storage, each on a machine of its own, and gives the settings of those who use them.</summary>
    public async Task<Dictionary<string, string>> ServeAsync()
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (
            var (machine, service, setting) in new[] { ("database", "postgres", "DATABASE"), ("broker", "rabbitmq", "BROKER"), ("storage", "s3", "STORE__") }
        )
        {
            await AddAsync(machine);
            await ServiceAsync(machine, "start", service);
            _services.Add((machine, service));
            foreach (var line in (await ServiceAsync(machine, "settings")).Split('\n').Where(line => line.Contains("__" + setting, StringComparison.Ordinal)))
            {
                var (name, value) = line.Split('=', 2) is [var left, var right] ? (left, right) : (line, string.Empty);
                settings[name["LATENTSYNC_SERVER__".Length..].Replace("__", ":", StringComparison.Ordinal)] = value;
            }
        }

        return settings;
    }

    /// <summary>From now on nothing that one of two machines sends reaches the other.</summary>
    public async Task CutAsync(string one, string other)
    {
        // To the hardware address of nobody: sent, and never received.
        await RunAsync(["ip", "-n", Name(one), "neigh", "replace", Address(other), "lladdr", Nobody, "nud", "permanent", "dev", "eth0"]);
        await RunAsync(["ip", "-n", Name(other), "neigh", "replace", Address(one), "lladdr", Nobody, "nud", "permanent", "dev", "eth0"]);
    }

    /// <summary>The opposite of <see cref="CutAsync"/>.</summary>
    public async Task HealAsync(string one, string other)
    {
        await RunAsync(["ip", "-n", Name(one), "neigh", "del", Address(other), "dev", "eth0"]);
        await RunAsync(["ip", "-n", Name(other), "neigh", "del", Address(one), "dev", "eth0"]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (machine, service) in _services)
        {
            await ServiceAsync(machine, "stop", "--kill", service);
        }

        foreach (var machine in _machines.Select(Name).Append(Switch))
        {
            await RunAsync(["ip", "netns", "del", machine]);
        }

        await RunAsync(["ip", "route", "del", .. Unreachable]);
        _folder.Dispose();
    }

    private static string Name(string machine) => "lslab-" + machine;

    private Task<string> ServiceAsync(string machine, params string[] arguments)
    {
        string[] settings = ["LATENTSYNC_SERVICES=" + Folder, Invariant($"LATENTSYNC_SERVICES_PORT={Port}"), "LATENTSYNC_SERVICES_ADDRESS=" + Address(machine)];
        return RunAsync([.. Enter(machine), "env", .. settings, "bash", Script, .. arguments]);
    }

    private static async Task<string> RunAsync(string[] command)
    {
        // What is started lives on and must not hold a pipe: the output goes to a file.
        var output = Path.GetTempFileName();
        try
        {
            using var process = Process.Start("bash", ["-c", "exec \"$@\" >\"$0\" </dev/null", output, .. command]);
            await process.WaitForExitAsync(CancellationToken.None);
            Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)} failed.");
            return await File.ReadAllTextAsync(output);
        }
        finally
        {
            File.Delete(output);
        }
    }
}

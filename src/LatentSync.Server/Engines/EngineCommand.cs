using System.Diagnostics;
using LatentSync.Server.Settings;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Engines;

/// <summary>How an engine is started: this program as <c>latentsync worker</c>, under limits, without the server's secrets.</summary>
internal sealed class EngineCommand(IOptions<ServerSettings> settings)
{
    private const string Limiter = "/usr/bin/prlimit";

    // What programs need to find libraries, models, fonts and their own settings. Keys and database addresses are not among them.
    private static readonly string[] Passed = ["PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "SystemRoot", "USERPROFILE", "LOCALAPPDATA", "LD_LIBRARY_PATH"];
    private static readonly string[] PassedPrefixes = ["LATENTSYNC_", "CUDA", "NVIDIA_", "DOTNET_"];
    private static readonly string[] Secrets = ["LATENTSYNC_SERVER", "LATENTSYNC_SECRETS", "LATENTSYNC_KEY"];

    /// <summary>What to start.</summary>
    /// <param name="folder">Where it works and keeps its temporary files.</param>
    public ProcessStartInfo Create(string folder)
    {
        Directory.CreateDirectory(folder);
        string[] command = [.. Limits(), .. Program()];
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = folder,
        };
        foreach (var argument in command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in start.Environment.Keys.Where(name => !IsPassed(name)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["TMPDIR"] = folder;
        return start;
    }

    private IEnumerable<string> Program()
    {
        if (settings.Value.Engine.Count > 0)
        {
            return settings.Value.Engine;
        }

        var program = Environment.ProcessPath ?? throw new InvalidOperationException("This program does not know its own path.");
        var assembly = Environment.GetCommandLineArgs()[0];
        var isHosted = string.Equals(Path.GetFileNameWithoutExtension(program), "dotnet", StringComparison.OrdinalIgnoreCase);
        return isHosted ? [program, "exec", assembly, "worker"] : [program, "worker"];
    }

    /// <summary>No memory image of a crash, and no file beyond the largest result; the children inherit both.</summary>
    private IEnumerable<string> Limits() =>
        OperatingSystem.IsLinux() && File.Exists(Limiter) ? [Limiter, "--core=0", Invariant($"--fsize={settings.Value.MaxResultBytes}"), "--"] : [];

    private static bool IsPassed(string name) =>
        !Array.Exists(Secrets, secret => name.StartsWith(secret, StringComparison.OrdinalIgnoreCase))
        && (
            Passed.Contains(name, StringComparer.OrdinalIgnoreCase)
            || Array.Exists(PassedPrefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        );
}

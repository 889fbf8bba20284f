using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using LatentSync.TestKit;

namespace LatentSync.ServerTests.Clients;

/// <summary>The clients of other services, as npm has them: fetched once into <c>artifacts/npm-clients</c>, and run by Node.</summary>
internal static class NpmClients
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly string Sources = Path.Combine(RepositoryFolder.Path, "tests", "LatentSync.ServerTests", "Clients");
    private static readonly string Folder = Path.Combine(RepositoryFolder.Path, "artifacts", "npm-clients");
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    /// <summary>Runs a case of a script in <c>Clients</c>; it fails where the script does.</summary>
    public static async Task RunAsync(string script, string name, IReadOnlyDictionary<string, string> environment)
    {
        Assert.SkipUnless(IsNpmThere(), "npm is not installed; the clients of other services cannot be fetched.");
        await Installed.Value;
        var start = new ProcessStartInfo("node", [script, name]) { WorkingDirectory = Folder };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        var (code, output) = await RunAsync(start);
        Assert.True(code == 0 && output.Contains("passed", StringComparison.Ordinal), output);
    }

    private static async Task InstallAsync()
    {
        Directory.CreateDirectory(Folder);
        await using var held = await LockAsync();
        foreach (var source in Directory.EnumerateFiles(Sources))
        {
            File.Copy(source, Path.Combine(Folder, Path.GetFileName(source)), overwrite: true);
        }

        var wanted = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Sources, "package-lock.json"))));
        var stamp = Path.Combine(Folder, "installed");
        if (!File.Exists(stamp) || await File.ReadAllTextAsync(stamp) != wanted)
        {
            File.Delete(stamp);
            string[] command = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
            var (code, output) = await RunAsync(new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", command) { WorkingDirectory = Folder });
            Assert.True(code == 0, output);
            await File.WriteAllTextAsync(stamp, wanted);
        }
    }

    /// <summary>Two runs of the tests at the same time install one after the other.</summary>
    private static async Task<FileStream> LockAsync()
    {
        for (var start = TimeProvider.System.GetTimestamp(); ; await Task.Delay(Interval))
        {
            try
            {
                return new FileStream(Path.Combine(Folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (TimeProvider.System.GetElapsedTime(start) < Limit)
            {
                // Held by the other.
            }
        }
    }

    private static bool IsNpmThere()
    {
        try
        {
            using var npm = Process.Start(
                new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["--version"])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                    UseShellExecute = false,
                }
            );
            return npm is not null && npm.WaitForExit(Limit) && npm.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError, start.UseShellExecute) = (true, true, false);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Limit);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output + await error);
    }
}

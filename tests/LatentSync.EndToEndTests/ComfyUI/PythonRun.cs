using System.Diagnostics;
using System.Text.Json;
using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.ComfyUI;

/// <summary>One run of all Python tests, started when the first result is asked for.</summary>
public sealed class PythonRun
{
    /// <summary>What is said where no Python serves.</summary>
    public const string Missing =
        $"the ComfyUI nodes were not tested: no Python here has {Modules} (Debian and Ubuntu: apt-get install python3-torch python3-pil).";

    private const string Modules = "torch, PIL, unittest, tomllib";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);
    private static readonly string[] Candidates = ["python3", "/usr/bin/python3", "python"];

    private static readonly Lazy<string?> Python = new(() =>
        OperatingSystem.IsWindows()
            ? null
            : Candidates.FirstOrDefault(candidate => StartAsync(candidate, "-c", $"import {Modules}").GetAwaiter().GetResult() is { ExitCode: 0 })
    );

    private readonly Lazy<Task<IReadOnlyDictionary<string, (string Kind, string Text)>>> _results;

    public PythonRun() => _results = new(RunAsync);

    /// <summary>What Python wrote.</summary>
    public string Log { get; private set; } = string.Empty;

    /// <summary>The first Python that has what the tests import; null if there is none.</summary>
    public static string? FindPython() => Python.Value;

    internal static string Folder { get; } = Path.Combine(RepositoryFolder.Path, "comfyui", "tests");

    /// <summary>By test: ok, fail or skip, and why.</summary>
    internal Task<IReadOnlyDictionary<string, (string Kind, string Text)>> Results => _results.Value;

    private async Task<IReadOnlyDictionary<string, (string Kind, string Text)>> RunAsync()
    {
        var results = new Dictionary<string, (string Kind, string Text)>(StringComparer.Ordinal);
        var python = FindPython() ?? throw new InvalidOperationException(Missing);
        Log = (await StartAsync(python, "-B", "run.py"))?.Log ?? string.Empty;
        foreach (var line in Log.Split('\n').Where(line => line.StartsWith("{\"test\"", StringComparison.Ordinal)))
        {
            using var result = JsonDocument.Parse(line);
            results[result.RootElement.GetProperty("test").GetString()!] = (
                result.RootElement.GetProperty("kind").GetString()!,
                result.RootElement.GetProperty("text").GetString()!
            );
        }

        return results;
    }

    private static async Task<(int ExitCode, string Log)?> StartAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["LATENTSYNC_TEST_ENGINE"] = Path.Combine(AppContext.BaseDirectory, "LatentSync.Cli");
        start.Environment["DOTNET_ROOT"] = Path.GetDirectoryName(Environment.ProcessPath);
        start.Environment.Remove("LATENTSYNC_MODELS");
        try
        {
            using var process = Process.Start(start)!;
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            timeout.CancelAfter(Limit);
            try
            {
                var (output, error) = (process.StandardOutput.ReadToEndAsync(timeout.Token), process.StandardError.ReadToEndAsync(timeout.Token));
                await process.WaitForExitAsync(timeout.Token);
                return (process.ExitCode, await output + await error);
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                }
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no such program.
            return null;
        }
    }
}

using System.Diagnostics;

namespace LatentSync.ServerTests.Support;

/// <summary>A server as its users start it, <c>latentsync serve</c>, with an engine that paints no mouths. Disposing kills it.</summary>
internal sealed class ServerProgram : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);
    private static readonly string Folder = AppContext.BaseDirectory;

    private readonly Process _process;
    private readonly Task<string> _log;
    private bool _isDisposed;

    private ServerProgram(Process process, Uri address)
    {
        (_process, Address) = (process, address);
        _log = process.StandardError.ReadToEndAsync();
        Client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
    }

    /// <summary>What it listens on.</summary>
    public Uri Address { get; }

    /// <summary>A client without a key.</summary>
    public HttpClient Client { get; }

    /// <summary>The process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="data">Its data folder.</param>
    /// <param name="settings">Settings by their names, such as <c>Attempts</c>.</param>
    /// <param name="isReal">With the real engine instead of the test's.</param>
    /// <param name="database">What it keeps its rows in; the same folder gives the same rows.</param>
    /// <param name="environment">Further variables.</param>
    /// <param name="program">What starts it, with its arguments; nothing for the server itself.</param>
    /// <param name="arguments">More arguments of <c>serve</c>.</param>
    public static async Task<ServerProgram> StartAsync(
        string data,
        IReadOnlyDictionary<string, string>? settings = null,
        bool isReal = false,
        IReadOnlyDictionary<string, string>? environment = null,
        TestDatabase database = TestDatabase.Sqlite,
        IReadOnlyList<string>? program = null,
        params string[] arguments
    )
    {
        settings = (settings ?? new Dictionary<string, string>()).Concat(await TestServices.Calm.SettingsAsync(database, data)).ToDictionary();
        var start = StartInfo(data, settings, isReal, ["serve", "--data", data, .. Listen(arguments), .. arguments]);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        if (program is { Count: > 0 })
        {
            string[] command = [.. program, start.FileName, .. start.ArgumentList];
            start.FileName = command[0];
            start.ArgumentList.Clear();
            Array.ForEach(command[1..], start.ArgumentList.Add);
        }

        var process = Process.Start(start)!;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(StartLimit);
        var line = await process.StandardOutput.ReadLineAsync(timeout.Token);
        var at = line?.IndexOf("http://", StringComparison.Ordinal) ?? -1;
        return at >= 0
            ? new ServerProgram(process, new Uri(line![at..line!.IndexOfAny([',', ';'], at)]))
            : throw new InvalidOperationException($"The server did not start: {line} {await process.StandardError.ReadToEndAsync(timeout.Token)}");
    }

    /// <summary>Runs another command of the program to its end.</summary>
    public static Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) => RunAsync(null, arguments);

    /// <inheritdoc cref="RunAsync(string[])"/>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(IReadOnlyDictionary<string, string>? settings, params string[] arguments)
    {
        using var process = Process.Start(StartInfo(null, settings, isReal: false, arguments))!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>kill -9, without its engines, which end by themselves.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>SIGTERM, and the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", Invariant($"{_process.Id}")]);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>What it has said on standard error; only after its end.</summary>
    public Task<string> LogAsync() => _log;

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private static string[] Listen(string[] arguments) => arguments.Contains("--listen") ? [] : ["--listen", "http://127.0.0.1:0"];

    private static ProcessStartInfo StartInfo(string? data, IReadOnlyDictionary<string, string>? settings, bool isReal, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(Folder, "LatentSync.Cli.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["LATENTSYNC_LANG"] = "en";
        if (data is not null && !isReal)
        {
            start.Environment["LATENTSYNC_SERVER__ENGINE__0"] = "dotnet";
            start.Environment["LATENTSYNC_SERVER__ENGINE__1"] = "exec";
            start.Environment["LATENTSYNC_SERVER__ENGINE__2"] = Path.Combine(Folder, "LatentSync.TestEngine.dll");
        }

        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment["LATENTSYNC_SERVER__" + name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return start;
    }
}

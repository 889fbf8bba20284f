using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace LatentSync.ServerLoad;

/// <summary>A server with the test's engine on a fixed port, which can be killed and started again.</summary>
internal sealed class LoadedServer : IAsyncDisposable
{
    private static readonly string Folder = AppContext.BaseDirectory;

    private readonly string _data;
    private readonly int _port;
    private Process? _process;

    public LoadedServer(string data, int port)
    {
        (_data, _port) = (data, port);
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
    }

    public Uri Address { get; }

    /// <summary>Starts it and waits until it listens.</summary>
    public async Task StartAsync()
    {
        // A published program, whose code is compiled ahead of time, or the one that was built beside this one.
        var published = Environment.GetEnvironmentVariable("LATENTSYNC_PROGRAM");
        string[] program = published is null ? ["dotnet", "exec", Path.Combine(Folder, "LatentSync.Cli.dll")] : [published];
        string[] serve = ["serve", "--data", _data, "--listen", Address.ToString(), "--device", "cpu", "--device", "auto"];
        var start = new ProcessStartInfo(program[0], [.. program[1..], .. serve])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["LATENTSYNC_SERVER__ENGINE__0"] = "dotnet";
        start.Environment["LATENTSYNC_SERVER__ENGINE__1"] = "exec";
        start.Environment["LATENTSYNC_SERVER__ENGINE__2"] = Path.Combine(Folder, "LatentSync.TestEngine.dll");
        start.Environment["LATENTSYNC_SERVER__MINFREEBYTES"] = "0";
        _process = Process.Start(start)!;
        var log = _process.StandardError.ReadToEndAsync();
        if (await _process.StandardOutput.ReadLineAsync() is null)
        {
            throw new InvalidOperationException(await log);
        }
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Resident memory in MiB, what is mapped from files with others included.</summary>
    public double Memory() => Status("VmRSS:") / 1024;

    /// <summary>Processor time so far.</summary>
    public TimeSpan ProcessorTime()
    {
        _process!.Refresh();
        return _process.TotalProcessorTime;
    }

    /// <summary>A client with as many connections as it wants.</summary>
    public HttpClient Client() => new() { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(1) };

    /// <summary>Uploads a few bytes.</summary>
    public async Task<string> UploadAsync()
    {
        using var client = Client();
        using var body = new ByteArrayContent("pictures"u8.ToArray());
        using var answer = await client.PutAsync("/v1/uploads", body);
        answer.EnsureSuccessStatusCode();
        return (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["id"]!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
    }

    private double Status(string name) =>
        double.Parse(
            File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{_process!.Id}/status"))
                .First(line => line.StartsWith(name, StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
            CultureInfo.InvariantCulture
        );
}

using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace LatentSync.Server.Engines;

/// <summary>
/// An engine in a process of its own: whatever happens to it, a crash, a hang, a lost card, costs the piece of work in hand and
/// nothing else. One piece of work at a time.
/// </summary>
internal sealed partial class EngineProcess : IAsyncDisposable
{
    private const int Protocol = 1;
    private const string SegmentsFeature = "segments";
    private const string MemoryFeature = "memory";

    // A worker gives its job a second; a process that does not stop by then is killed, which leaves nothing behind.
    private static readonly TimeSpan CancelGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly EngineStream _stream;
    private readonly ILogger _logger;
    private readonly TimeSpan _silence;
    private readonly Task _log;

    private EngineProcess(Process process, TimeSpan silence, ILogger logger)
    {
        (_process, _silence, _logger) = (process, silence, logger);
        _stream = new EngineStream(process.StandardInput.BaseStream, process.StandardOutput.BaseStream);
        _log = LogAsync();
    }

    /// <summary>Whether it can take work.</summary>
    public bool IsAlive => !_process.HasExited;

    /// <summary>The process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>The engine's version.</summary>
    public string Version { get; private set; } = string.Empty;

    /// <summary>Whether it tells of its card's memory when a job asks for that.</summary>
    public bool TellsMemory { get; private set; }

    /// <summary>Starts an engine and greets it.</summary>
    /// <exception cref="EngineException">It cannot be started, or is no engine of this protocol.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The result is the engine; without one it is disposed.")]
    public static async Task<EngineProcess> StartAsync(
        ProcessStartInfo command,
        TimeSpan silence,
        TimeSpan idle,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        var engine = new EngineProcess(Start(command), silence, logger);
        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(StartTimeout);
            await engine.GreetAsync(idle, timeout.Token);
            return engine;
        }
        catch (Exception error) when (error is IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            await engine.DisposeAsync();
            throw new EngineException(EngineException.Unfit, $"The engine did not answer when it was started: {error.Message}");
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets the engine do one job.</summary>
    /// <param name="message">The job, as docs/worker-protocol.md has it.</param>
    /// <param name="told">Called with each event but the last.</param>
    /// <param name="cancellationToken">Stops the job.</param>
    /// <returns>The <c>result</c> event.</returns>
    /// <exception cref="EngineException">The job failed, or the engine was lost; then it takes no more work.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<JsonObject> RunAsync(JsonObject message, Action<JsonObject> told, CancellationToken cancellationToken)
    {
        using var heard = new CancellationTokenSource();
        await using var cancelling = cancellationToken.Register(() => _ = CancelAsync(heard));
        try
        {
            await _stream.WriteAsync(message, CancellationToken.None);
            while (true)
            {
                if (!cancellationToken.IsCancellationRequested)
                {
                    heard.CancelAfter(_silence);
                }

                var said = await HearAsync(heard.Token);
                switch ((string?)said["event"])
                {
                    case "result":
                        return said;
                    case "cancelled":
                        cancellationToken.ThrowIfCancellationRequested();
                        throw new EngineException(EngineException.Lost, "The engine stopped the job by itself; it is tried again.");
                    case "error":
                        cancellationToken.ThrowIfCancellationRequested();
                        throw new EngineException((string?)said["kind"] ?? EngineException.Unfit, (string?)said["message"] ?? "The engine failed.");
                    default:
                        told(said);
                        break;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Kill();
            throw new EngineException(
                EngineException.Silent,
                Invariant($"The engine said nothing for {_silence.TotalSeconds:0} s and was stopped; the work is tried again.")
            );
        }
        catch (OperationCanceledException)
        {
            // In the middle of a message the stream cannot be used again.
            if (heard.IsCancellationRequested)
            {
                Kill();
            }

            throw;
        }
        catch (IOException)
        {
            throw await LostAsync();
        }
    }

    /// <summary>Ends the process with all its children.</summary>
    public async ValueTask DisposeAsync()
    {
        Kill();
        await _log;
        _process.Dispose();
    }

    private static Process Start(ProcessStartInfo command)
    {
        try
        {
            return Process.Start(command)!;
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            throw new EngineException(EngineException.Unfit, $"The engine \"{command.FileName}\" cannot be started: {error.Message}");
        }
    }

    private async Task GreetAsync(TimeSpan idle, CancellationToken cancellationToken)
    {
        var hello = new JsonObject
        {
            ["type"] = "hello",
            ["protocol"] = Protocol,
            ["idle_seconds"] = Math.Clamp(idle.TotalSeconds, 1, 86400),
        };
        await _stream.WriteAsync(hello, cancellationToken);
        var answer = await _stream.ReadAsync(cancellationToken) ?? throw await LostAsync();
        Version = (string?)answer["version"] ?? string.Empty;
        var features = answer["features"] as JsonArray ?? [];
        TellsMemory = features.Any(feature => (string?)feature == MemoryFeature);
        if (!features.Any(feature => (string?)feature == SegmentsFeature))
        {
            throw new EngineException(EngineException.Unfit, $"The engine {Version} cannot make segments; use the one that comes with this server.");
        }
    }

    /// <summary>The next event. After something that is none, nothing that follows can be trusted.</summary>
    private async Task<JsonObject> HearAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _stream.ReadAsync(cancellationToken) ?? throw await LostAsync();
        }
        catch (EngineException)
        {
            Kill();
            throw;
        }
    }

    private async Task CancelAsync(CancellationTokenSource heard)
    {
        try
        {
            heard.CancelAfter(CancelGrace);
            await _stream.WriteAsync(new JsonObject { ["type"] = "cancel" }, CancellationToken.None);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // It has ended, which the reader notices too.
            LogCancelFailed(error.Message);
        }
    }

    private async Task<EngineException> LostAsync()
    {
        Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        return new EngineException(EngineException.Lost, Invariant($"The engine ended with code {_process.ExitCode} in the middle of its work."));
    }

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(KillTimeout);
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            LogKillFailed(error.Message);
        }
    }

    private async Task LogAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            LogEngine(line);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "engine: {Line}")]
    private partial void LogEngine(string line);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The engine could not be told to stop: {Reason}")]
    private partial void LogCancelFailed(string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The engine could not be ended: {Reason}")]
    private partial void LogKillFailed(string reason);
}

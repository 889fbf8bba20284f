using System.Runtime.InteropServices;

namespace LatentSync.Cli;

/// <summary>
/// Turns Ctrl-C and a polite request to end into a cancellation, so that the program can kill ffmpeg and remove its
/// partial files. The second signal ends the process at once.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    // As shells expect it: 128 + the signal's number.
    private const int InterruptedExitCode = 130;
    private const int TerminatedExitCode = 143;

    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    public StopSignals()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>130 after Ctrl-C, 143 after a request to end.</summary>
    public int ExitCode { get; private set; } = InterruptedExitCode;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = !_stop.IsCancellationRequested;
        ExitCode = context.Signal == PosixSignal.SIGTERM ? TerminatedExitCode : InterruptedExitCode;
        _stop.Cancel();
    }
}

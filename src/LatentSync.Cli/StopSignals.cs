using System.Runtime.InteropServices;

namespace LatentSync.Cli;

/// <summary>
/// Turns Ctrl-C, a polite request to end and a closed terminal into a cancellation, so that the program can kill ffmpeg and
/// remove its partial files. A second Ctrl-C or request ends the process at once, and so does time: a program that waits in a call
/// of the system, such as for a disk that does not answer, is not kept alive by it.
/// </summary>
internal sealed partial class StopSignals : IDisposable
{
    // As shells expect it: 128 + the signal's number.
    private const int HangUpExitCode = 129;
    private const int InterruptedExitCode = 130;
    private const int TerminatedExitCode = 143;

    private const int HangUp = 1;
    private const nint IgnoredHandler = 1;

    // A worker gives its job 5 s; tidying up a job takes a fraction of one.
    private static readonly TimeSpan UsualGrace = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private Timer? _deadline;

    public StopSignals()
    {
        Register(PosixSignal.SIGINT);
        Register(PosixSignal.SIGTERM);

        // nohup starts programs so that they outlive their terminal.
        if (!IsIgnored(HangUp))
        {
            Register(PosixSignal.SIGHUP);
        }
    }

    /// <summary>How long the program may take to end after the first signal; then it is ended.</summary>
    public TimeSpan Grace { get; set; } = UsualGrace;

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>130 after Ctrl-C, 143 after a request to end, 129 after the terminal was closed.</summary>
    public int ExitCode { get; private set; } = InterruptedExitCode;

    public void Dispose()
    {
        // The source stays: a signal may be on its way here, and the process is about to end.
        _registrations.ForEach(registration => registration.Dispose());
        _deadline?.Dispose();
    }

    private void Register(PosixSignal signal) => _registrations.Add(PosixSignalRegistration.Create(signal, Stop));

    private void Stop(PosixSignalContext context)
    {
        // A closed terminal is often told twice, by the system and by the shell.
        context.Cancel = !_stop.IsCancellationRequested || context.Signal == PosixSignal.SIGHUP;
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        ExitCode = context.Signal switch
        {
            PosixSignal.SIGTERM => TerminatedExitCode,
            PosixSignal.SIGHUP => HangUpExitCode,
            _ => InterruptedExitCode,
        };
        _deadline = new Timer(_ => End(ExitCode), state: null, Grace, Timeout.InfiniteTimeSpan);
        _stop.Cancel();
    }

    /// <summary>Ends the process without waiting for anything: an orderly end would wait for what does not end.</summary>
    private static void End(int exitCode)
    {
        if (OperatingSystem.IsWindows())
        {
            Environment.Exit(exitCode);
        }

        ExitAtOnce(exitCode);
    }

    private static unsafe bool IsIgnored(int signal)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        // The handler comes first in the system's structure, which is shorter than this everywhere.
        const int longestAction = 256;
        var action = stackalloc byte[longestAction];
        return ReadAction(signal, change: 0, action) == 0 && *(nint*)action == IgnoredHandler;
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void ExitAtOnce(int exitCode);

    [LibraryImport("libc", EntryPoint = "sigaction")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int ReadAction(int signal, nint change, byte* action);
}

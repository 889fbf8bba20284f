using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace LatentSync.Media.Ffmpeg;

/// <summary>Starts real programs.</summary>
internal sealed class ProcessLauncher : IProcessLauncher
{
    private static FormattableString NoRoom =>
        $" because the system has no memory or no processes left for it; end other programs, or raise the limits (ulimit -u, ulimit -v), and try again";

    // errno.h: EAGAIN is another number on macOS, where it says the same.
    private const int TooManyFilesOfSystem = 23;
    private const int TooManyFiles = 24;
    private const int NoMemory = 12;
    private static readonly int NoMoreProcesses = OperatingSystem.IsMacOS() ? 35 : 11;

    /// <inheritdoc/>
    public IChildProcess Start(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // FFREPORT would make ffmpeg write log files into the current folder; colour codes would end up in messages.
        start.Environment.Remove("FFREPORT");
        start.Environment["AV_LOG_FORCE_NOCOLOR"] = "1";
        try
        {
            var process = Process.Start(start) ?? throw new Win32Exception();
            return new ChildProcess(process);
        }
        catch (Win32Exception exception)
        {
            throw new LipSyncException(LipSyncErrorCode.MissingDependency, $"\"{program}\" cannot be started{Reason(exception)}.", exception)
            {
                Path = program,
            };
        }
    }

    private static FormattableString Reason(Win32Exception exception) =>
        OperatingSystem.IsWindows()
            ? Unfit(exception)
            : exception.NativeErrorCode switch
            {
                TooManyFilesOfSystem or TooManyFiles =>
                    $" because no more files may be open at once; raise the limit (ulimit -n 1024), or close other programs, and try again",
                NoMemory => NoRoom,
                var error when error == NoMoreProcesses => NoRoom,
                _ => Unfit(exception),
            };

    private static FormattableString Unfit(Win32Exception exception) => $" ({exception.Message}); check that it is a program for this machine and may be run";
}

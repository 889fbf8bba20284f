using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LatentSync.EndToEndTests.Cli;

/// <summary>
/// Starts programs that heed Ctrl-C and the end of their terminal. A program that is started while these are ignored, as by
/// <c>nohup</c> or by <c>&amp;</c> in a script, ignores them as well, and so would its children; tests that interrupt one must
/// not depend on how they were started.
/// </summary>
internal static partial class ChildSignals
{
    private const nint Default = 0;
    private const nint Ignore = 1;

    // More than a struct sigaction takes on any system; the handler is its first member.
    private const int ActionBytes = 512;

    // SIGHUP and SIGINT.
    private static readonly int[] Signals = [1, 2];

    private static readonly Lock Starting = new();

    /// <summary>Starts a program.</summary>
    public static Process Start(ProcessStartInfo start)
    {
        lock (Starting)
        {
            int[] ignored = OperatingSystem.IsWindows() ? [] : Array.FindAll(Signals, IsIgnored);
            Array.ForEach(ignored, signal => SetHandler(signal, Default));
            try
            {
                return Process.Start(start)!;
            }
            finally
            {
                Array.ForEach(ignored, signal => SetHandler(signal, Ignore));
            }
        }
    }

    private static unsafe bool IsIgnored(int signal)
    {
        var action = stackalloc byte[ActionBytes];
        return GetAction(signal, 0, action) == 0 && *(nint*)action == Ignore;
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int GetAction(int signal, nint wanted, byte* present);

    [LibraryImport("libc", EntryPoint = "signal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint SetHandler(int signal, nint handler);
}

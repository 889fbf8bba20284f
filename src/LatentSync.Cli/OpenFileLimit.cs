using System.Runtime.InteropServices;

namespace LatentSync.Cli;

/// <summary>
/// How many files this process may have open at once (<c>ulimit -n</c>). Where they end, whatever comes next fails, each thing
/// in its own words.
/// </summary>
internal static partial class OpenFileLimit
{
    // A job has about 150 open: the runtime, the networks, and the pipes of four programs at a time.
    private const ulong Needed = 256;

    // sys/resource.h.
    private static readonly int OpenFiles = OperatingSystem.IsMacOS() ? 8 : 7;

    /// <summary>Refuses a limit under which no job ends. The runtime has raised it as far as this user may.</summary>
    /// <exception cref="LipSyncException">MissingDependency.</exception>
    public static unsafe void Require()
    {
        // The limit in force and the highest one this user may set.
        var limits = stackalloc ulong[2];
        if (!OperatingSystem.IsWindows() && GetLimit(OpenFiles, limits) == 0 && limits[0] < Needed)
        {
            throw new LipSyncException(
                LipSyncErrorCode.MissingDependency,
                $"This shell can open {limits[0]} files at once, but latentsync needs {Needed}; run \"ulimit -n 1024\" in a new shell, then try again."
            );
        }
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int GetLimit(int resource, ulong* limits);
}

using System.Runtime.InteropServices;

namespace LatentSync.Worker;

/// <summary>Pipes that hold a mebibyte instead of 64 KiB, so that a picture is not handed over in a hundred pieces.</summary>
internal static partial class PipeCapacity
{
    private const int StandardInput = 0;
    private const int StandardOutput = 1;

    // F_SETPIPE_SZ; the most that Linux lets every user have.
    private const int SetPipeSize = 1031;
    private const int Bytes = 1 << 20;

    /// <summary>Enlarges standard input and output where the system can. They work without it, and may be no pipes.</summary>
    public static void Enlarge()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetFlag(StandardInput, SetPipeSize, Bytes);
            _ = SetFlag(StandardOutput, SetPipeSize, Bytes);
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetFlag(int descriptor, int command, int argument);
}

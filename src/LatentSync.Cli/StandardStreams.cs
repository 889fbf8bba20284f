using System.Runtime.InteropServices;

namespace LatentSync.Cli;

/// <summary>
/// A program that is started with a closed standard stream finds the runtime's own files and pipes behind the numbers 0 to
/// 2: what it prints would go there. It then starts itself again with the null device in their place.
/// </summary>
internal static partial class StandardStreams
{
    private const int Count = 3;

    // fcntl.h; the same on every processor that .NET runs on.
    private const int GetDescriptorFlags = 1;
    private const int CloseOnExecute = 1;
    private const int ReadWrite = 2;

    /// <summary>
    /// Returns if all three streams are there, or where the system does not let it put that right. What the runtime opens is
    /// closed when a program is executed, and no stream that was handed down can be.
    /// </summary>
    public static void Require()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var closed = Enumerable
            .Range(0, Count)
            .Where(stream => Control(stream, GetDescriptorFlags) is var flags && (flags < 0 || (flags & CloseOnExecute) != 0))
            .ToList();
        if (closed.Count == 0 || ReadCommandLine() is not { } command || Open("/dev/null", ReadWrite) is var nothing && nothing < 0)
        {
            return;
        }

        // Its own number may be one of those that are missing; a duplicate stays open over the execution.
        var kept = nothing < Count ? Duplicate(nothing) : nothing;
        foreach (var stream in closed)
        {
            _ = Replace(kept, stream);
        }

        _ = Execute("/proc/self/exe", command);
    }

    /// <summary>The arguments as they were given, with bytes that are no UTF-8; ends with a null as the system expects it.</summary>
    private static nint[]? ReadCommandLine()
    {
        try
        {
            var arguments = new List<nint>();
            var bytes = File.ReadAllBytes("/proc/self/cmdline").AsSpan();
            while (bytes.IndexOf((byte)0) is var end and >= 0)
            {
                var argument = Marshal.AllocHGlobal(end + 1);
                Marshal.Copy(bytes[..(end + 1)].ToArray(), 0, argument, end + 1);
                arguments.Add(argument);
                bytes = bytes[(end + 1)..];
            }

            return [.. arguments, 0];
        }
        catch (IOException)
        {
            // Without /proc the program continues as it is.
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dup")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Replace(int descriptor, int replaced);

    [LibraryImport("libc", EntryPoint = "execv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Execute(string program, nint[] arguments);
}

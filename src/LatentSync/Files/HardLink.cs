using System.Runtime.InteropServices;

namespace LatentSync.Files;

/// <summary>A second name for the same file on the same volume, which takes no space.</summary>
internal static partial class HardLink
{
    /// <summary>Makes the second name; false where the volume, the system or the rights do not allow it.</summary>
    public static bool TryCreate(string existing, string path) => OperatingSystem.IsWindows() ? CreateHardLink(path, existing, 0) : Link(existing, path) == 0;

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string existing, string path);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", StringMarshalling = StringMarshalling.Utf16)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string path, string existing, nint security);
}

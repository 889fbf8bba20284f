using System.Runtime.InteropServices;

namespace LatentSync.Backends.Cuda.Libraries;

/// <summary>Asks the system's loader for a library by its bare name: LD_LIBRARY_PATH and ld.so.conf on Linux, PATH on Windows.</summary>
internal static class SystemLoader
{
    private const string MemoryMap = "/proc/self/maps";

    /// <summary>Loads the library, for good, and says where it came from: the bare name where that cannot be told, null if there is none.</summary>
    public static string? Find(string fileName)
    {
        if (!NativeLibrary.TryLoad(fileName, out _))
        {
            return null;
        }

        // A line ends with the path of the mapped file, links resolved: libcudnn.so.9 is /usr/lib/.../libcudnn.so.9.14.0.
        return File.Exists(MemoryMap)
            ? File.ReadLines(MemoryMap)
                .Select(line => line.IndexOf('/', StringComparison.Ordinal) is var start and >= 0 ? line[start..] : "")
                .FirstOrDefault(path => Path.GetFileName(path) is var name && (name == fileName || name.StartsWith(fileName + ".", StringComparison.Ordinal)))
                ?? fileName
            : fileName;
    }
}

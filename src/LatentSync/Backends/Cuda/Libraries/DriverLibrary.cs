using System.Runtime.InteropServices;

namespace LatentSync.Backends.Cuda.Libraries;

/// <summary>The driver's part of CUDA. It belongs to the driver and must not come from a folder of the user.</summary>
/// <param name="Path">Its file; only a name where the system's loader knows it but does not tell the place; null if there is none.</param>
/// <param name="Version">The newest CUDA it runs: 12040 for 12.4; null if it does not tell.</param>
internal sealed record DriverLibrary(string? Path, int? Version)
{
    private const string WslFolder = "/usr/lib/wsl/lib";

    /// <summary>Its name.</summary>
    public static string FileName { get; } = OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";

    /// <summary>Looks for it where the system does, and in WSL's folder.</summary>
    public static DriverLibrary Find()
    {
        var path = SystemLoader.Find(FileName) ?? SystemLoader.Find(System.IO.Path.Combine(WslFolder, FileName));
        return new DriverLibrary(path, path is null ? null : ReadVersion(path));
    }

    private static unsafe int? ReadVersion(string path)
    {
        int version;
        return
            NativeLibrary.TryLoad(path, out var library)
            && NativeLibrary.TryGetExport(library, "cuDriverGetVersion", out var address)
            && ((delegate* unmanaged<int*, int>)address)(&version) == 0
            ? version
            : null;
    }
}

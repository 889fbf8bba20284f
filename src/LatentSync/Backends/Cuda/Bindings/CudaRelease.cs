namespace LatentSync.Backends.Cuda.Bindings;

/// <summary>A major version of the CUDA toolkit: the names of its libraries, and the driver it needs.</summary>
/// <param name="Major">12 or 13.</param>
internal sealed record CudaRelease(int Major)
{
    private static readonly CudaRelease[] Known = [new(13), new(12)];

    /// <summary>The oldest display driver branch that runs this release (minor versions included: NVIDIA's minor version compatibility).</summary>
    public int OldestDriver => Major >= 13 ? 580 : 525;

    /// <summary>NVRTC, the compiler of our kernels.</summary>
    public string Nvrtc => ForSystem(Invariant($"libnvrtc.so.{Major}"), Invariant($"nvrtc64_{Major}0_0.dll"));

    /// <summary>cuBLASLt, the products.</summary>
    public string CublasLt => ForSystem(Invariant($"libcublasLt.so.{Major}"), Invariant($"cublasLt64_{Major}.dll"));

    /// <summary>cuDNN 9 has the same name for every release of CUDA.</summary>
    public static string Cudnn => ForSystem("libcudnn.so.9", "cudnn64_9.dll");

    /// <summary>The releases that a driver runs, the newest first.</summary>
    /// <param name="driverVersion">What <c>cuDriverGetVersion</c> says: 1000 times the major version, and more.</param>
    public static IEnumerable<CudaRelease> SupportedBy(int driverVersion) => Known.Where(release => driverVersion / 1000 >= release.Major);

    private static string ForSystem(string linux, string windows) => OperatingSystem.IsWindows() ? windows : linux;
}

namespace LatentSync.Backends.Cuda.Libraries;

/// <summary>
/// A major version of the CUDA toolkit: the names of its libraries, and what it needs. Versions are in the names because
/// libraries of different releases do not work together. The names for Windows come from NVIDIA's and PyTorch's packages and
/// have not been tried.
/// </summary>
/// <param name="Major">12 or 13.</param>
/// <param name="IsWindows">Whether the names are those of Windows; else of Linux.</param>
internal sealed record CudaRelease(int Major, bool IsWindows)
{
    private const int First = 12;
    private const int Newest = 13;

    private static readonly string[] CudnnPartNames = ["_graph", "_ops", "_heuristic", "_engines_precompiled", "_engines_runtime_compiled"];

    // What cuDriverGetVersion counts a major version as.
    private const int MajorUnit = 1000;

    /// <summary>The oldest display driver branch that runs this release (minor versions included: NVIDIA's minor version compatibility).</summary>
    public int OldestDriver => Major >= Newest ? 580 : 525;

    /// <summary>The oldest cards it can be used with: those that this release's compiler knows, and those that our kernels are written for.</summary>
    public (int Major, int Minor) OldestCapability => Major >= Newest ? (7, 5) : (7, 0);

    /// <summary>NVRTC, the compiler of our kernels.</summary>
    public string Nvrtc => IsWindows ? Invariant($"nvrtc64_{Major}0_0.dll") : Invariant($"libnvrtc.so.{Major}");

    /// <summary>The file that NVRTC opens by its bare name, as a pattern: the name has the minor version in it.</summary>
    public string NvrtcBuiltins => IsWindows ? Invariant($"nvrtc-builtins64_{Major}*.dll") : Invariant($"libnvrtc-builtins.so.{Major}.*");

    /// <summary>cuBLASLt, the products.</summary>
    public string CublasLt => IsWindows ? Invariant($"cublasLt64_{Major}.dll") : Invariant($"libcublasLt.so.{Major}");

    /// <summary>cuDNN 9, which has the same name for every release of CUDA.</summary>
    public string Cudnn => CudnnFile("");

    /// <summary>The parts of cuDNN that its graph interface opens by their bare names, each after those it is linked to.</summary>
    public IEnumerable<string> CudnnParts => CudnnPartNames.Select(CudnnFile);

    /// <summary>All that are known, the newest first.</summary>
    public static IReadOnlyList<CudaRelease> All(bool isWindows) => [new(Newest, isWindows), new(First, isWindows)];

    /// <summary>Whether a driver runs it.</summary>
    /// <param name="driverVersion">What <c>cuDriverGetVersion</c> says: 1000 times the major version, and more.</param>
    public bool RunsOn(int driverVersion) => driverVersion / MajorUnit >= Major;

    /// <summary>Whether a library that says which CUDA it was built for belongs to it.</summary>
    public bool Has(int version) => version / MajorUnit == Major;

    /// <summary>Throws if a card is too old for it.</summary>
    /// <exception cref="LipSyncException">The release and our kernels know newer cards only.</exception>
    public void Require(string card, (int Major, int Minor) capability)
    {
        if (capability.CompareTo(OldestCapability) < 0)
        {
            var (has, needed) = (Invariant($"{capability.Major}.{capability.Minor}"), Invariant($"{OldestCapability.Major}.{OldestCapability.Minor}"));
            throw new LipSyncException(
                LipSyncErrorCode.DeviceUnavailable,
                $"{card} has compute capability {has}, but CUDA {Major} needs {needed} or newer; run with {OptionReference.Cpu}."
            );
        }
    }

    /// <summary>The error that a driver does not run it.</summary>
    /// <param name="reason">What shows it.</param>
    /// <param name="cause">The exception that tells it, if one does.</param>
    public LipSyncException DriverTooOld(string reason, Exception? cause = null) =>
        new(
            LipSyncErrorCode.DeviceUnavailable,
            $"The NVIDIA driver is too old for CUDA {Major} ({reason}); install version {OldestDriver} or newer, or run with {OptionReference.Cpu}.",
            cause
        );

    private string CudnnFile(string part) => IsWindows ? $"cudnn{part}64_9.dll" : $"libcudnn{part}.so.9";
}

using LatentSync.Backends.Cuda.Libraries;

namespace LatentSync.Backends.Cuda.Bindings;

/// <summary>The toolkit's libraries of one release of CUDA, loaded: NVRTC, cuBLASLt and cuDNN.</summary>
/// <param name="Release">The release.</param>
/// <param name="Nvrtc">The compiler.</param>
/// <param name="CublasLt">Products.</param>
/// <param name="Cudnn">Convolutions and attention.</param>
internal sealed record CudaToolkit(CudaRelease Release, Nvrtc Nvrtc, CublasLt CublasLt, Cudnn Cudnn)
{
    /// <summary>Finds and loads the libraries of the newest release that is there whole and that the driver runs.</summary>
    /// <param name="driverVersion">What <see cref="KernelDriver.Version"/> says.</param>
    /// <param name="find">Where a library lies, by its file name; null if nowhere. Usually <see cref="CudaSearch.FindToolkit"/>.</param>
    /// <exception cref="LipSyncException">No release is there whole, or one cannot be loaded.</exception>
    public static CudaToolkit Load(int driverVersion, Func<string, string?> find)
    {
        var releases = CudaRelease.SupportedBy(driverVersion).ToList();
        if (releases.Count == 0)
        {
            var oldest = new CudaRelease(12).OldestDriver;
            throw new LipSyncException(
                LipSyncErrorCode.DeviceUnavailable,
                $"The NVIDIA driver runs CUDA {driverVersion / 1000} only; install version {oldest} or newer, or run with {OptionReference.Cpu}."
            );
        }

        foreach (var release in releases)
        {
            if (find(release.CublasLt) is { } products && find(release.Nvrtc) is { } compiler && find(CudaRelease.Cudnn) is { } networks)
            {
                // In this order: the loader gives cuDNN the libraries of the same names that are in the process already.
                var (cublasLt, nvrtc) = (new CublasLt(products), new Nvrtc(compiler));
                return new CudaToolkit(release, nvrtc, cublasLt, new Cudnn(networks));
            }
        }

        var missing = new[] { releases[0].CublasLt, releases[0].Nvrtc, CudaRelease.Cudnn }.First(name => find(name) is null);
        var versions = string.Join(" or ", releases.Select(release => release.Major));
        throw new LipSyncException(
            LipSyncErrorCode.MissingDependency,
            $"CUDA {versions} with cuDNN 9 was not found ({missing} is missing), so the GPU cannot be used; see docs/gpu.md, or use {OptionReference.Cpu}."
        );
    }
}

namespace LatentSync.Backends.Cuda.Libraries;

/// <summary>How to get what is missing, as commands that can be pasted.</summary>
internal static class CudaAdvice
{
    /// <summary>The display driver.</summary>
    public static FormattableString Driver { get; } =
        OperatingSystem.IsWindows()
            ? $"install NVIDIA's driver {OldestDriver} or newer (https://www.nvidia.com/drivers)"
            : (FormattableString)
                $"install NVIDIA's driver {OldestDriver} or newer (Ubuntu: sudo ubuntu-drivers install; others: https://www.nvidia.com/drivers)";

    /// <summary>CUDA and cuDNN, without administrator's rights.</summary>
    /// <param name="release">Which.</param>
    /// <param name="cudaFolder">The folder that <see cref="CudaSearch.CudaFolder"/> names.</param>
    public static FormattableString Toolkit(CudaRelease release, string cudaFolder)
    {
        var python = release.IsWindows ? "py" : "python3";
        var packages = string.Join(' ', Packages(release).Select(name => $"\"{name}\""));
        return $"run: {python} -m pip install --target \"{cudaFolder}\" {packages}";
    }

    /// <summary>Since CUDA 13 the names of NVIDIA's packages have no number in them, but for cuDNN.</summary>
    private static string[] Packages(CudaRelease release) =>
        release.Major >= 13
            ?
            [
                Invariant($"nvidia-cuda-nvrtc=={release.Major}.*"),
                Invariant($"nvidia-cublas=={release.Major}.*"),
                Invariant($"nvidia-cudnn-cu{release.Major}==9.*"),
            ]
            :
            [
                Invariant($"nvidia-cuda-nvrtc-cu{release.Major}"),
                Invariant($"nvidia-cublas-cu{release.Major}"),
                Invariant($"nvidia-cudnn-cu{release.Major}==9.*"),
            ];

    private static int OldestDriver => CudaRelease.All(OperatingSystem.IsWindows())[^1].OldestDriver;
}

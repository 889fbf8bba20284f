namespace LatentSync.Backends.Cuda.Libraries;

/// <summary>How to get what is missing, as commands that can be pasted.</summary>
internal static class CudaAdvice
{
    /// <summary>The oldest driver branch that runs CUDA 13.</summary>
    public const int OldestDriver = 580;

    /// <summary>The display driver.</summary>
    public static FormattableString Driver { get; } =
        OperatingSystem.IsWindows()
            ? $"install NVIDIA's driver {OldestDriver} or newer (https://www.nvidia.com/drivers)"
            : (FormattableString)
                $"install NVIDIA's driver {OldestDriver} or newer (Ubuntu: sudo ubuntu-drivers install; others: https://www.nvidia.com/drivers)";

    /// <summary>A computer without a provider.</summary>
    public static FormattableString Unsupported => $"the CUDA provider of ONNX Runtime exists for Linux and Windows on x64 only";

    /// <summary>The bridge, which comes with ONNX Runtime's own library.</summary>
    public static FormattableString Bridge => $"build or install the program again";

    /// <summary>CUDA and cuDNN, without administrator's rights.</summary>
    /// <param name="cudaFolder">The folder that <see cref="CudaSearch.CudaFolder"/> names.</param>
    public static FormattableString Toolkit(string cudaFolder) =>
        $"run: {(OperatingSystem.IsWindows() ? "py" : "python3")} -m pip install --target \"{cudaFolder}\" {Packages}";

    private const string Packages =
        "\"nvidia-cuda-runtime==13.*\" \"nvidia-cublas==13.*\" \"nvidia-curand==10.*\" "
        + "\"nvidia-cufft==12.*\" \"nvidia-cuda-nvrtc==13.*\" \"nvidia-cudnn-cu13==9.*\"";

    /// <summary>The provider.</summary>
    public static FormattableString Provider => $"run: latentsync gpu install";
}

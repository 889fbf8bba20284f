using System.Runtime.InteropServices;

namespace LatentSync.Backends.Cuda.Libraries;

/// <summary>
/// The libraries behind ONNX Runtime's CUDA provider: those its dynamic section names, and cuDNN, cuFFT and NVRTC, which
/// are opened when first needed. Versions are in the names because a provider works with one major version only.
/// The names for Windows come from NVIDIA's packages and have not been tried.
/// </summary>
internal static class CudaFiles
{
    /// <summary>The provider.</summary>
    public static string Provider { get; } = ForSystem("libonnxruntime_providers_cuda.so", "onnxruntime_providers_cuda.dll");

    /// <summary>The library through which the provider calls back into ONNX Runtime, which loads it from its own folder.</summary>
    public static string Bridge { get; } = ForSystem("libonnxruntime_providers_shared.so", "onnxruntime_providers_shared.dll");

    /// <summary>The driver's part of CUDA. It belongs to the driver and must not come from a folder of the user.</summary>
    public static string Driver { get; } = ForSystem("libcuda.so.1", "nvcuda.dll");

    /// <summary>Whether there is a provider for this system at all.</summary>
    public static bool Supported => (OperatingSystem.IsLinux() || OperatingSystem.IsWindows()) && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>The libraries of CUDA and cuDNN, each after those it needs. FFT and just-in-time kernels are rarely used.</summary>
    public static IReadOnlyList<(string Name, string FileName, bool Required)> Toolkit { get; } =
    [
        ("CUDA 13", ForSystem("libcudart.so.13", "cudart64_13.dll"), true),
        ("CUDA 13", ForSystem("libcublasLt.so.13", "cublasLt64_13.dll"), true),
        ("CUDA 13", ForSystem("libcublas.so.13", "cublas64_13.dll"), true),
        ("CUDA 13", ForSystem("libcurand.so.10", "curand64_10.dll"), true),
        ("CUDA 13", ForSystem("libcufft.so.12", "cufft64_12.dll"), false),
        ("CUDA 13", ForSystem("libnvrtc.so.13", "nvrtc64_130_0.dll"), false),
        ("cuDNN 9", ForSystem("libcudnn.so.9", "cudnn64_9.dll"), true),
    ];

    private static string ForSystem(string linux, string windows) => OperatingSystem.IsWindows() ? windows : linux;
}

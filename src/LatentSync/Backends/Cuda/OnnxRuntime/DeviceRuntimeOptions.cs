using LatentSync.Backends.Cuda.Memory;

namespace LatentSync.Backends.Cuda.OnnxRuntime;

/// <summary>How networks run on a device.</summary>
internal sealed record DeviceRuntimeOptions
{
    /// <summary>Type of weights and values; null takes float16.</summary>
    public DeviceDataType? Type { get; init; }

    /// <summary>Whether ONNX Runtime's CUDA operators are there.</summary>
    public bool UsesFusedOperators { get; init; }

    /// <summary>ONNX Runtime's CUDA provider.</summary>
    public string? ProviderPath { get; init; }

    /// <summary>How cuDNN chooses a convolution's algorithm: <c>EXHAUSTIVE</c> tries, <c>HEURISTIC</c> guesses.</summary>
    public string ConvolutionSearch { get; init; } = "HEURISTIC";

    /// <summary>Whether cuDNN may take as much scratch memory as it likes, or 32 MiB.</summary>
    public bool UsesLargeWorkspaces { get; init; }

    /// <summary>Whether float32 products may be rounded to 10 bits of mantissa on the way in.</summary>
    public bool UsesTensorFloat32 { get; init; }

    /// <summary>Bits of ONNX Runtime's <c>sdpa_kernel</c>: 1 flash, 2 memory-efficient, 8 cuDNN, 16 plain; 0 leaves the choice.</summary>
    public int AttentionKernels { get; init; }
}

using System.Reflection;

namespace LatentSync.Backends.Cuda.Kernels;

/// <summary>The kernels' sources, which are part of this program.</summary>
internal static class KernelSource
{
    /// <summary>What sources include.</summary>
    public static IReadOnlyList<string> Headers { get; } = ["numbers.cuh", "hopper.cuh"];

    /// <summary>The sources with kernels for every card.</summary>
    public static IReadOnlyList<string> Files { get; } = ["group_norm.cu", "tokens.cu", "attention.cu", "temporal_attention.cu", "maps.cu"];

    /// <summary>The sources with kernels for compute capability 9.0 and 16-bit types alone.</summary>
    public static IReadOnlyList<string> HopperFiles { get; } = ["hopper_attention.cu", "hopper_gated_gelu.cu"];

    /// <summary>The text of a source.</summary>
    public static string Read(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("LatentSync.Kernels." + file)
            ?? throw new InvalidOperationException($"The program has no {file}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

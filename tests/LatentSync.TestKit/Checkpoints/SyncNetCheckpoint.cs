using LatentSync.Backends.Cpu;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Networks.SyncNet;

namespace LatentSync.TestKit.Checkpoints;

/// <summary>
/// A small SyncNet in the public form, with the public names, down-sampling and attention but fewer channels, and weights
/// by <see cref="Formula"/> of their names: matrices and kernels scaled by sqrt(3 / fan-in), norm scales 1 + 0.5 x, biases
/// and norm shifts 0.1 x.
/// </summary>
internal static class SyncNetCheckpoint
{
    public static SyncNetEncoder Visual { get; } = PublicVisual([32, 32, 32, 32, 64, 64, 128, 256]);

    public static SyncNetEncoder Audio { get; } = PublicAudio([32, 32, 32, 64, 64, 128, 256]);

    /// <summary>The visual encoder of configs/syncnet/syncnet_16_pixel_attn.yaml with other channels.</summary>
    public static SyncNetEncoder PublicVisual(int[] channels) =>
        new("visual_encoder", 48, 128, 256, Blocks(channels, [(1, 2), (2, 2), (2, 2), (2, 2), (2, 2), (2, 2), (2, 2), (2, 2)], [4, 5]));

    /// <summary>The audio encoder of the same configuration with other channels.</summary>
    public static SyncNetEncoder PublicAudio(int[] channels) =>
        new("audio_encoder", 1, 80, 52, Blocks(channels, [(2, 1), (2, 2), (2, 2), (1, 1), (2, 2), (2, 2), (2, 3)], [3, 4]));

    /// <summary>Every weight of both encoders.</summary>
    public static IReadOnlyList<TensorSpec> Weights(SyncNetEncoder visual, SyncNetEncoder audio) =>
        [.. SyncNetGraphs.Encoder(CpuDialect.Factory, visual).Weights, .. SyncNetGraphs.Encoder(CpuDialect.Factory, audio).Weights];

    /// <summary>The state dict.</summary>
    public static Dictionary<string, object?> StateDict() =>
        Weights(Visual, Audio).ToDictionary(spec => spec.Name, spec => (object?)Tensor(spec), StringComparer.Ordinal);

    /// <summary>Writes the file with all that the public training keeps in it.</summary>
    public static void Write(string path, Dictionary<string, object?>? stateDict = null) =>
        TorchArchiveWriter.Write(
            path,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["state_dict"] = stateDict ?? StateDict(), ["global_step"] = 1 }
        );

    private static TorchTensor Tensor(TensorSpec spec)
    {
        long[] shape = [.. spec.Shape];
        var count = TensorLayout.ElementCount(shape);
        var numbers =
            shape.Length > 1 ? Formula.Numbers(spec.Name, count, Math.Sqrt(3.0 * shape[0] / count))
            : spec.Name.Contains("norm", StringComparison.Ordinal) && spec.Name.EndsWith("weight", StringComparison.Ordinal)
                ? Formula.Numbers(spec.Name, count, 0.5, 1)
            : Formula.Numbers(spec.Name, count, 0.1);
        return TorchTensor.Single(numbers, shape);
    }

    private static SyncNetBlock[] Blocks(int[] channels, (int Down, int Across)[] downsampling, int[] attention) =>
        [.. channels.Select((count, i) => new SyncNetBlock(count, new Downsampling(downsampling[i].Down, downsampling[i].Across), attention.Contains(i)))];
}

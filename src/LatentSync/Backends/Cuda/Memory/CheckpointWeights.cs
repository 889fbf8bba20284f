using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Backends.Cuda.Memory;

/// <summary>Weights of a checkpoint that has been verified.</summary>
internal sealed class CheckpointWeights(WeightSource source) : IWeightReader
{
    /// <inheritdoc/>
    public float[] Read(string name, ReadOnlySpan<int> shape) => source.Tensors[name].ToArray();
}

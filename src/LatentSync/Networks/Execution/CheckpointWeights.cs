using LatentSync.Checkpoints;

namespace LatentSync.Networks.Execution;

/// <summary>Weights of a checkpoint that has been verified.</summary>
internal sealed class CheckpointWeights(WeightSource source) : IWeightReader
{
    /// <inheritdoc/>
    public float[] Read(string name, ReadOnlySpan<int> shape) => source.Tensors[name].ToArray();
}

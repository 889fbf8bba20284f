namespace LatentSync.Backends.Cuda.Memory;

/// <summary>For graphs that have none.</summary>
internal sealed class NoWeights : IWeightReader
{
    /// <summary>The one there is.</summary>
    public static readonly NoWeights Instance = new();

    /// <inheritdoc/>
    public float[] Read(string name, ReadOnlySpan<int> shape) => throw new InvalidOperationException($"{name} is not expected: the graphs have no weights.");
}

using LatentSync.Backends.Cuda.Memory;

namespace LatentSync.GpuBenchmarks;

/// <summary>
/// Made-up weights for measuring: norms pass their input on, biases are zero, everything else is uniform noise that keeps
/// the size of what passes through (variance 1 / fan-in). A tensor's values depend on its name alone.
/// </summary>
internal sealed class SyntheticWeights : IWeightReader
{
    private const ulong HashStart = 14695981039346656037;
    private const ulong HashFactor = 1099511628211;
    private const ulong GeneratorFactor = 6364136223846793005;
    private const ulong GeneratorStep = 1442695040888963407;
    private const float Scale = 1f / (1 << 23);

    /// <inheritdoc/>
    public float[] Read(string name, ReadOnlySpan<int> shape)
    {
        var count = 1;
        foreach (var length in shape)
        {
            count *= length;
        }

        var values = new float[count];
        if (shape.Length == 1)
        {
            values.AsSpan().Fill(name.EndsWith(".weight", StringComparison.Ordinal) ? 1 : 0);
            return values;
        }

        // Uniform numbers in -a..a have variance a^2 / 3.
        var width = MathF.Sqrt(3f * shape[0] / count);
        var state = name.Aggregate(HashStart, (hash, letter) => (hash ^ letter) * HashFactor);
        for (var i = 0; i < count; i++)
        {
            state = (state * GeneratorFactor) + GeneratorStep;
            values[i] = width * (((state >> 40) * Scale) - 1);
        }

        return values;
    }
}

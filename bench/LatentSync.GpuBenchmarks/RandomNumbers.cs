namespace LatentSync.GpuBenchmarks;

/// <summary>Made-up values for benchmarks.</summary>
internal static class RandomNumbers
{
    /// <summary>Numbers evenly spread over -width..width, which float16 holds exactly; the same for the same seed.</summary>
    public static float[] Create(int count, int seed, float width = 1)
    {
        var random = new Random(seed);
        var values = new float[count];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)(Half)(width * ((2 * random.NextSingle()) - 1));
        }

        return values;
    }
}

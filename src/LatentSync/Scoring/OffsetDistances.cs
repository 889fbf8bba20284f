namespace LatentSync.Scoring;

/// <summary>
/// The mean distance of face and sound embeddings at each offset, as SyncNet's evaluation takes it (Chung and Zisserman,
/// "Out of time", 2016): the best offset is that of the least distance, and the confidence is the median over the offsets
/// less the least. Windows beyond the sound's ends are left out, where the public code takes vectors of zeros.
/// </summary>
internal sealed class OffsetDistances
{
    /// <summary>The largest offset in frames; that of the public evaluation.</summary>
    public const int Range = 15;

    // Fewer pairs than this say nothing about an offset.
    private const int LeastPairs = 10;

    private readonly double[] _sums = new double[(2 * Range) + 1];
    private readonly int[] _counts = new int[(2 * Range) + 1];

    /// <summary>The mean distance at each offset from -15 to 15, 0 to the square root of 2; NaN where fewer than 10 windows have a pair.</summary>
    public double[] Means => [.. _sums.Zip(_counts, (sum, count) => count < LeastPairs ? double.NaN : sum / count)];

    /// <summary>The offset of the least distance in frames; positive: the lips are late. Null if nothing could be compared.</summary>
    public int? Best
    {
        get
        {
            var means = Means;
            var least = means.Where(mean => !double.IsNaN(mean)).DefaultIfEmpty(double.NaN).Min();
            return double.IsNaN(least) ? null : Array.IndexOf(means, least) - Range;
        }
    }

    /// <summary>The median of the means less the least of them; null if nothing could be compared.</summary>
    public double? Confidence
    {
        get
        {
            // Of an even number torch.median takes the lower of the two in the middle.
            var known = Means.Where(mean => !double.IsNaN(mean)).Order().ToList();
            return known.Count == 0 ? null : known[(known.Count - 1) / 2] - known[0];
        }
    }

    /// <summary>Adds a pair of windows.</summary>
    /// <param name="offset">By how many frames the window of faces begins after that of the sound, -15 to 15.</param>
    /// <param name="faces">Embedding of length 1.</param>
    /// <param name="sound">Embedding of length 1.</param>
    public void Add(int offset, ReadOnlySpan<float> faces, ReadOnlySpan<float> sound)
    {
        _sums[offset + Range] += TensorPrimitives.Distance(faces, sound);
        _counts[offset + Range]++;
    }
}

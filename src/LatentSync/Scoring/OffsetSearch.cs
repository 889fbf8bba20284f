namespace LatentSync.Scoring;

/// <summary>Finds by how much one curve lags behind another.</summary>
internal static class OffsetSearch
{
    // Fewer common frames than this say nothing.
    private const int LeastFrames = 10;

    /// <summary>Pearson's correlation of lips and sound at each offset from -range to range; NaN where it is not defined.</summary>
    /// <param name="lips">One value per frame; NaN where there is no face.</param>
    /// <param name="sound">One value per frame.</param>
    /// <param name="range">The largest offset in frames. A positive offset: the lips are late.</param>
    public static double[] Correlations(ReadOnlySpan<double> lips, ReadOnlySpan<double> sound, int range)
    {
        var correlations = new double[(2 * range) + 1];
        for (var offset = -range; offset <= range; offset++)
        {
            var (a, b) = (new List<double>(lips.Length), new List<double>(lips.Length));
            for (var frame = Math.Max(0, offset); frame < Math.Min(lips.Length, sound.Length + offset); frame++)
            {
                if (!double.IsNaN(lips[frame]))
                {
                    a.Add(lips[frame]);
                    b.Add(sound[frame - offset]);
                }
            }

            correlations[offset + range] = a.Count < LeastFrames ? double.NaN : Pearson(a, b);
        }

        return correlations;
    }

    /// <summary>The correlation coefficient; NaN if one of the curves is flat.</summary>
    public static double Pearson(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        double product = 0,
            squareA = 0,
            squareB = 0;
        for (var i = 0; i < a.Count; i++)
        {
            var (x, y) = (a[i] - meanA, b[i] - meanB);
            product += x * y;
            squareA += x * x;
            squareB += y * y;
        }

        return squareA > 0 && squareB > 0 ? product / Math.Sqrt(squareA * squareB) : double.NaN;
    }
}

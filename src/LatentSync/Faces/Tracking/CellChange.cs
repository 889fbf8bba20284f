namespace LatentSync.Faces.Tracking;

/// <summary>
/// How much of a picture is new. A change of light takes every value v to about a * v + b, so each channel's best a and b
/// are taken out first; what is counted are the cells that still differ.
/// </summary>
internal static class CellChange
{
    // More than noise, compression and slow movement make of a cell's mean, less than another object.
    private const float Tolerance = 14;

    // A light that changes more than this leaves nothing to compare.
    private const double LowestGain = 0.25;
    private const double HighestGain = 4;

    // The first fit is pulled by what is new; the later ones leave that out.
    private const int Fits = 3;

    /// <summary>The share of cells, 0 to 1, that the light does not explain.</summary>
    public static double Share(CellPicture before, CellPicture after)
    {
        Span<bool> changed = stackalloc bool[CellPicture.Count];
        Span<bool> differs = stackalloc bool[CellPicture.Count];
        changed.Clear();
        for (var channel = 0; channel < CellPicture.Channels; channel++)
        {
            Compare(before.Channel(channel), after.Channel(channel), differs);
            for (var i = 0; i < changed.Length; i++)
            {
                changed[i] |= differs[i];
            }
        }

        var count = 0;
        foreach (var cell in changed)
        {
            count += cell ? 1 : 0;
        }

        return (double)count / changed.Length;
    }

    private static void Compare(ReadOnlySpan<float> before, ReadOnlySpan<float> after, Span<bool> differs)
    {
        differs.Clear();
        for (var fit = 0; fit < Fits; fit++)
        {
            var (gain, offset) = Fit(before, after, differs);
            for (var i = 0; i < differs.Length; i++)
            {
                differs[i] = Math.Abs(after[i] - ((gain * before[i]) + offset)) > Tolerance;
            }
        }
    }

    /// <summary>Least squares over the cells that are not left out.</summary>
    private static (float Gain, float Offset) Fit(ReadOnlySpan<float> before, ReadOnlySpan<float> after, ReadOnlySpan<bool> leftOut)
    {
        double n = 0, x = 0, y = 0, xx = 0, xy = 0;
        for (var i = 0; i < leftOut.Length; i++)
        {
            if (leftOut[i])
            {
                continue;
            }

            n++;
            x += before[i];
            y += after[i];
            xx += (double)before[i] * before[i];
            xy += (double)before[i] * after[i];
        }

        if (n == 0)
        {
            return (1, 0);
        }

        var spread = (n * xx) - (x * x);
        var gain = spread > n * n ? Math.Clamp(((n * xy) - (x * y)) / spread, LowestGain, HighestGain) : 1;
        return ((float)gain, (float)((y - (gain * x)) / n));
    }
}

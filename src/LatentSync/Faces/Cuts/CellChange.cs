using LatentSync.Imaging;

namespace LatentSync.Faces.Cuts;

/// <summary>
/// How much of a picture is new. A change of light takes every value v to about a * v + b, cut to 0..255, so each colour's
/// best a and b are taken out first; what is counted are the cells that still differ.
/// </summary>
internal static class CellChange
{
    // What still counts as the same, in parts of the picture's contrast: of two pictures that have nothing in common half
    // of the cells differ by more. Not below what noise and compression do, not above what another object makes.
    private const double ToleratedContrast = 0.7;
    private const float LowestTolerance = 5;
    private const float HighestTolerance = 14;

    // Cells about here are cut off and tell nothing of the light.
    private const float Darkest = 5;
    private const float Brightest = 250;

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
        var tolerance = Math.Clamp((float)(ToleratedContrast * after.Contrast), LowestTolerance, HighestTolerance);
        for (var channel = 0; channel < RgbImage.Channels; channel++)
        {
            Compare(before.Channel(channel), after.Channel(channel), tolerance, differs);
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

    private static void Compare(ReadOnlySpan<float> before, ReadOnlySpan<float> after, float tolerance, Span<bool> differs)
    {
        differs.Clear();
        for (var fit = 0; fit < Fits; fit++)
        {
            var (gain, offset) = Fit(before, after, differs);
            for (var i = 0; i < differs.Length; i++)
            {
                differs[i] = Math.Abs(after[i] - Math.Clamp((gain * before[i]) + offset, 0, byte.MaxValue)) > tolerance;
            }
        }
    }

    /// <summary>Least squares over the cells that are neither left out nor cut off.</summary>
    private static (float Gain, float Offset) Fit(ReadOnlySpan<float> before, ReadOnlySpan<float> after, ReadOnlySpan<bool> leftOut)
    {
        double n = 0,
            x = 0,
            y = 0,
            xx = 0,
            xy = 0;
        for (var i = 0; i < leftOut.Length; i++)
        {
            if (leftOut[i] || before[i] is < Darkest or > Brightest || after[i] is < Darkest or > Brightest)
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

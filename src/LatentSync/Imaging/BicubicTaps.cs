namespace LatentSync.Imaging;

/// <summary>
/// The weights of every output position along one axis for a bicubic resize with antialiasing, as PyTorch defines them:
/// the kernel is widened by the scale when shrinking, taps beyond the border are dropped, the rest is normalised.
/// </summary>
internal sealed class BicubicTaps
{
    /// <summary>Weights for <paramref name="outputs"/> outputs over <paramref name="inputs"/> inputs.</summary>
    /// <param name="inputs">Input pixels.</param>
    /// <param name="outputs">Output pixels.</param>
    /// <param name="multiple">The number of weights per output is rounded up to a multiple of this with zeros.</param>
    public BicubicTaps(int inputs, int outputs, int multiple)
    {
        var scale = (double)inputs / outputs;
        var widening = Math.Max(scale, 1);
        var support = CubicKernel.Radius * widening;
        var most = Math.Min(inputs, (int)Math.Ceiling(2 * support) + 1);
        Count = (most + multiple - 1) / multiple * multiple;
        First = new int[outputs];
        Weights = new float[checked(outputs * Count)];
        for (var i = 0; i < outputs; i++)
        {
            var centre = scale * (i + 0.5);
            var first = Math.Max((int)(centre - support + 0.5), 0);
            var used = Math.Min((int)(centre + support + 0.5), inputs) - first;
            var weights = Weights.AsSpan(i * Count, used);
            double sum = 0;
            for (var tap = 0; tap < used; tap++)
            {
                sum += CubicKernel.Evaluate((first + tap - centre + 0.5) / widening);
            }

            for (var tap = 0; tap < used; tap++)
            {
                weights[tap] = (float)(CubicKernel.Evaluate((first + tap - centre + 0.5) / widening) / sum);
            }

            First[i] = first;
        }
    }

    /// <summary>Weights per output, zeros at the end included.</summary>
    public int Count { get; }

    /// <summary>The input of each output's first weight.</summary>
    public int[] First { get; }

    /// <summary>[outputs, Count].</summary>
    public float[] Weights { get; }
}

namespace LatentSync.Audio;

/// <summary>
/// 80 triangular bands over the bins of <see cref="PowerSpectrum"/>, from 0 to 8000 Hz, evenly spaced on Slaney's mel
/// scale (Auditory Toolbox: linear below 1000 Hz, logarithmic above) and scaled to equal area.
/// </summary>
internal static class MelFilterBank
{
    /// <summary>Bands.</summary>
    public const int BandCount = 80;

    private const double HighestFrequency = 8000;
    private const double BreakFrequency = 1000;
    private const double LinearHertzPerMel = 200.0 / 3;
    private const double BreakMel = BreakFrequency / LinearHertzPerMel;

    /// <summary>Above the break, 27 mel multiply the frequency by 6.4.</summary>
    private static readonly double LogStep = Math.Log(6.4) / 27;

    private static readonly (int FirstBin, float[] Weights)[] Bands = Build();

    /// <summary>Sums the power of the bins into bands.</summary>
    /// <param name="power">201 bins.</param>
    /// <param name="bands">Receives 80 values.</param>
    public static void Apply(ReadOnlySpan<float> power, Span<float> bands)
    {
        for (var band = 0; band < BandCount; band++)
        {
            var (firstBin, weights) = Bands[band];
            bands[band] = TensorPrimitives.Dot(power.Slice(firstBin, weights.Length), weights);
        }
    }

    /// <summary>The frequency in Hz of a value on the mel scale.</summary>
    public static double MelToHertz(double mel) =>
        mel < BreakMel ? mel * LinearHertzPerMel : BreakFrequency * Math.Exp(LogStep * (mel - BreakMel));

    /// <summary>The value on the mel scale of a frequency in Hz.</summary>
    public static double HertzToMel(double hertz) =>
        hertz < BreakFrequency ? hertz / LinearHertzPerMel : BreakMel + (Math.Log(hertz / BreakFrequency) / LogStep);

    private static (int FirstBin, float[] Weights)[] Build()
    {
        // Band b rises from corner b to b + 1 and falls to b + 2.
        var melStep = HertzToMel(HighestFrequency) / (BandCount + 1);
        var corners = Enumerable.Range(0, BandCount + 2).Select(corner => MelToHertz(corner * melStep)).ToArray();
        return [.. Enumerable.Range(0, BandCount).Select(band => Triangle(corners[band], corners[band + 1], corners[band + 2]))];
    }

    private static (int FirstBin, float[] Weights) Triangle(double low, double peak, double high)
    {
        const double HertzPerBin = HighestFrequency / (PowerSpectrum.BinCount - 1);
        var first = (int)(low / HertzPerBin) + 1;
        var last = (int)Math.Ceiling(high / HertzPerBin) - 1;
        var weights = new float[last - first + 1];
        for (var i = 0; i < weights.Length; i++)
        {
            var hertz = (first + i) * HertzPerBin;
            var height = Math.Min((hertz - low) / (peak - low), (high - hertz) / (high - peak));
            weights[i] = (float)(height * 2 / (high - low));
        }

        return (first, weights);
    }
}

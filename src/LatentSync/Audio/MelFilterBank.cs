namespace LatentSync.Audio;

/// <summary>
/// 80 triangular bands over the bins of <see cref="PowerSpectrum"/>, evenly spaced on Slaney's mel scale (Auditory
/// Toolbox: linear below 1000 Hz, logarithmic above) and scaled to equal area.
/// </summary>
internal sealed class MelFilterBank
{
    /// <summary>Bands.</summary>
    public const int BandCount = 80;

    private const double HalfSampleRate = 8000;
    private const double BreakFrequency = 1000;
    private const double LinearHertzPerMel = 200.0 / 3;
    private const double BreakMel = BreakFrequency / LinearHertzPerMel;

    /// <summary>Above the break, 27 mel multiply the frequency by 6.4.</summary>
    private static readonly double LogStep = Math.Log(6.4) / 27;

    private readonly (int FirstBin, float[] Weights)[] _bands;

    /// <summary>Builds the bands for 16 kHz sound.</summary>
    /// <param name="binCount">Bins of the spectrum, from 0 up to and including 8000 Hz.</param>
    /// <param name="lowest">Where the first band begins, in Hz.</param>
    /// <param name="highest">Where the last band ends, in Hz, at most 8000.</param>
    public MelFilterBank(int binCount, double lowest, double highest)
    {
        // Band b rises from corner b to b + 1 and falls to b + 2.
        var hertzPerBin = HalfSampleRate / (binCount - 1);
        var (first, melStep) = (HertzToMel(lowest), (HertzToMel(highest) - HertzToMel(lowest)) / (BandCount + 1));
        var corners = Enumerable.Range(0, BandCount + 2).Select(corner => MelToHertz(first + (corner * melStep))).ToArray();
        _bands = [.. Enumerable.Range(0, BandCount).Select(band => Triangle(hertzPerBin, corners[band], corners[band + 1], corners[band + 2]))];
    }

    /// <summary>Sums the bins into bands.</summary>
    /// <param name="power">One value per bin.</param>
    /// <param name="bands">Receives 80 values.</param>
    public void Apply(ReadOnlySpan<float> power, Span<float> bands)
    {
        for (var band = 0; band < BandCount; band++)
        {
            var (firstBin, weights) = _bands[band];
            bands[band] = TensorPrimitives.Dot(power.Slice(firstBin, weights.Length), weights);
        }
    }

    /// <summary>The frequency in Hz of a value on the mel scale.</summary>
    public static double MelToHertz(double mel) => mel < BreakMel ? mel * LinearHertzPerMel : BreakFrequency * Math.Exp(LogStep * (mel - BreakMel));

    /// <summary>The value on the mel scale of a frequency in Hz.</summary>
    public static double HertzToMel(double hertz) =>
        hertz < BreakFrequency ? hertz / LinearHertzPerMel : BreakMel + (Math.Log(hertz / BreakFrequency) / LogStep);

    private static (int FirstBin, float[] Weights) Triangle(double hertzPerBin, double low, double peak, double high)
    {
        var first = (int)(low / hertzPerBin) + 1;
        var last = (int)Math.Ceiling(high / hertzPerBin) - 1;
        var weights = new float[last - first + 1];
        for (var i = 0; i < weights.Length; i++)
        {
            var hertz = (first + i) * hertzPerBin;
            var height = Math.Min((hertz - low) / (peak - low), (high - hertz) / (high - peak));
            weights[i] = (float)(height * 2 / (high - low));
        }

        return (first, weights);
    }
}

namespace LatentSync.Audio;

/// <summary>
/// Changes the sample rate of sound in memory to that of the audio network: a low-pass filter as a windowed sinc, taken at
/// the times of the new samples. Sound before the start and after the end is silence.
/// </summary>
internal static class SoundResampler
{
    /// <summary>The lowest rate that is taken, in samples per second.</summary>
    public const int LowestRate = 4000;

    /// <summary>The highest rate that is taken, in samples per second.</summary>
    public const int HighestRate = 384000;

    // Zero crossings of the sinc on each side, and the Kaiser window's shape: 80 dB against aliases, a transition band of
    // a twelfth of the lower rate's half.
    private const int ZeroCrossings = 32;
    private const double KaiserBeta = 7.857;

    private const double SmallestShare = 1e-17;

    // Where the pass band ends, of half the lower rate.
    private const double Cutoff = 0.94;

    /// <summary>16-bit samples at <see cref="LogMel.SampleRate"/>, as many as last as long as the given ones, rounded up.</summary>
    /// <param name="samples">One channel, -1..1; what is outside is clipped, what is not a number is silence.</param>
    /// <param name="sampleRate">Samples per second, <see cref="LowestRate"/> to <see cref="HighestRate"/>.</param>
    public static short[] Resample(ReadOnlySpan<float> samples, int sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, LowestRate);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sampleRate, HighestRate);
        var divisor = GreatestCommonDivisor(sampleRate, LogMel.SampleRate);
        var (down, up) = (sampleRate / divisor, LogMel.SampleRate / divisor);
        var result = new short[checked((int)((((long)samples.Length * up) + down - 1) / down))];
        var filters = down == up ? null : Filters(down, up);
        for (var i = 0; i < result.Length; i++)
        {
            var (position, phase) = Math.DivRem((long)i * down, up);
            var value = filters is null ? Finite(samples[i]) : Convolve(samples, (int)position, filters[phase]);
            result[i] = (short)Math.Clamp(Math.Round(value * -(float)short.MinValue), short.MinValue, short.MaxValue);
        }

        return result;
    }

    /// <summary>One filter for each place a new sample can have between two old ones; the middle tap is the old one before it.</summary>
    private static float[][] Filters(int down, int up)
    {
        // In old samples: the filter is wider where the rate falls.
        var cutoff = Cutoff * Math.Min(1, (double)up / down);
        var reach = (int)Math.Ceiling(ZeroCrossings / cutoff);
        var filters = new float[up][];
        for (var phase = 0; phase < up; phase++)
        {
            var taps = new double[(2 * reach) + 1];
            for (var tap = 0; tap < taps.Length; tap++)
            {
                var distance = tap - reach - ((double)phase / up);
                taps[tap] = Sinc(distance * cutoff) * Kaiser(distance / (reach + 1));
            }

            // The sum is the gain for a constant.
            var sum = taps.Sum();
            filters[phase] = [.. taps.Select(tap => (float)(tap / sum))];
        }

        return filters;
    }

    private static float Convolve(ReadOnlySpan<float> samples, int position, ReadOnlySpan<float> filter)
    {
        var first = position - (filter.Length / 2);
        var (start, end) = (Math.Max(0, first), Math.Min(samples.Length, first + filter.Length));
        var sum = start < end ? TensorPrimitives.Dot(samples[start..end], filter[(start - first)..(end - first)]) : 0;
        return Finite(sum);
    }

    private static float Finite(float value) => float.IsFinite(value) ? value : 0;

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);

    /// <summary>The Kaiser window at -1..1.</summary>
    private static double Kaiser(double x) => Math.Abs(x) >= 1 ? 0 : Bessel(KaiserBeta * Math.Sqrt(1 - (x * x))) / Bessel(KaiserBeta);

    /// <summary>The modified Bessel function of order zero, by its series.</summary>
    private static double Bessel(double x)
    {
        var (sum, term) = (1.0, 1.0);
        for (var k = 1; term > sum * SmallestShare; k++)
        {
            term *= x * x / (4.0 * k * k);
            sum += term;
        }

        return sum;
    }

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}

using LatentSync.Tensors;

namespace LatentSync.TestKit;

/// <summary>The twin of LogMel: the definitions one by one, in double precision, without any shortcut.</summary>
internal static class SlowLogMel
{
    public static double[] Power(ReadOnlySpan<float> frame)
    {
        var length = frame.Length;
        var power = new double[(length / 2) + 1];
        for (var k = 0; k < power.Length; k++)
        {
            var sum = System.Numerics.Complex.Zero;
            for (var n = 0; n < length; n++)
            {
                var hann = 0.5 * (1 - Math.Cos(2 * Math.PI * n / length));
                sum += frame[n] / 32768 * hann * System.Numerics.Complex.FromPolarCoordinates(1, -2 * Math.PI * k * n / length);
            }

            power[k] = (sum * System.Numerics.Complex.Conjugate(sum)).Real;
        }

        return power;
    }

    public static Tensor Compute(short[] samples)
    {
        // Mirror without repeating the ends, as NumPy's "reflect" does.
        var padded = samples[1..201].Reverse().Concat(samples).Concat(samples[^201..^1].Reverse()).Select(value => (float)value).ToArray();
        var frameCount = samples.Length / 160;
        var logs = new double[80, frameCount];
        var loudest = double.NegativeInfinity;
        for (var t = 0; t < frameCount; t++)
        {
            var power = Power(padded.AsSpan(t * 160, 400));
            for (var band = 0; band < 80; band++)
            {
                var sum = Enumerable.Range(0, 201).Sum(bin => Weight(band, bin * 40.0) * power[bin]);
                logs[band, t] = Math.Log10(Math.Max(sum, 1e-10));
                loudest = Math.Max(loudest, logs[band, t]);
            }
        }

        return new Tensor([.. logs.Cast<double>().Select(value => (float)((Math.Max(value, loudest - 8) + 4) / 4))], 80, frameCount);
    }

    /// <summary>The triangle of a band at a frequency: up from corner b to b + 1, down to b + 2, area 1.</summary>
    public static double Weight(int band, double hertz)
    {
        var (low, peak, high) = (Corner(band), Corner(band + 1), Corner(band + 2));
        var up = (hertz - low) / (peak - low);
        var down = (high - hertz) / (high - peak);
        return Math.Max(0, Math.Min(up, down)) * 2 / (high - low);
    }

    private static double Corner(int index)
    {
        // 8000 Hz is mel 15 + 27 ln 8 / ln 6.4.
        var mel = index * (15 + (27 * Math.Log(8) / Math.Log(6.4))) / 81;
        return mel < 15 ? mel * 200 / 3 : 1000 * Math.Pow(6.4, (mel - 15) / 27);
    }
}

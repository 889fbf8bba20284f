using LatentSync.Tensors;

namespace LatentSync.TestKit;

/// <summary>The twin of SyncNetMel: configs/audio.yaml and librosa's definitions one by one, in double precision.</summary>
internal static class SlowSyncNetMel
{
    public static Tensor Compute(short[] samples)
    {
        var emphasized = samples.Select((sample, n) => (float)(sample - (n == 0 ? 0 : 0.97 * samples[n - 1]))).ToArray();
        float[] padded = [.. new float[400], .. emphasized, .. new float[400]];
        var mel = new Tensor(1 + (samples.Length / 200), 80);
        for (var t = 0; t < mel.Shape[0]; t++)
        {
            var power = SlowLogMel.Power(padded.AsSpan(t * 200, 800));
            for (var band = 0; band < 80; band++)
            {
                var sum = Enumerable.Range(0, 401).Sum(bin => Weight(band, bin * 20.0) * Math.Sqrt(power[bin]));
                var decibels = (20 * Math.Log10(Math.Max(1e-5, sum))) - 20;
                mel.Row(t)[band] = (float)Math.Clamp((8 * ((decibels + 100) / 100)) - 4, -4, 4);
            }
        }

        return mel;
    }

    private static double Weight(int band, double hertz)
    {
        var (low, peak, high) = (Corner(band), Corner(band + 1), Corner(band + 2));
        return Math.Max(0, Math.Min((hertz - low) / (peak - low), (high - hertz) / (high - peak))) * 2 / (high - low);
    }

    private static double Corner(int index)
    {
        // 55 Hz is mel 55 * 3 / 200; 7600 Hz is mel 15 + 27 ln 7.6 / ln 6.4.
        var (first, last) = (55 * 3 / 200.0, 15 + (27 * Math.Log(7.6) / Math.Log(6.4)));
        var mel = first + (index * (last - first) / 81);
        return mel < 15 ? mel * 200 / 3 : 1000 * Math.Pow(6.4, (mel - 15) / 27);
    }
}

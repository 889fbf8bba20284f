namespace LatentSync.Tests.Audio;

/// <summary>Sounds made by formula.</summary>
internal static class TestSignals
{
    private const double SampleRate = 16000;

    /// <summary>A sweep from 50 to 7950 Hz that grows louder, over noise: something in every band, at every level.</summary>
    public static short[] Sweep(int length)
    {
        const double LowestHertz = 50,
            HighestHertz = 7950;
        var random = new Random(3);
        var samples = new short[length];
        for (var n = 0; n < length; n++)
        {
            var t = n / SampleRate;
            var duration = length / SampleRate;
            var phase = 2 * Math.PI * ((LowestHertz * t) + ((HighestHertz - LowestHertz) * t * t / (2 * duration)));
            samples[n] = (short)((30000.0 * n / length * Math.Sin(phase)) + random.Next(-200, 200));
        }

        return samples;
    }
}

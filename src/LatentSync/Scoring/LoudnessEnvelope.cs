namespace LatentSync.Scoring;

/// <summary>The loudness of a sound at each frame of a 25 fps video.</summary>
internal static class LoudnessEnvelope
{
    private const int SampleRate = 16000;
    private const int SamplesPerFrame = SampleRate / 25;

    // Two frames: shorter windows follow the pitch, longer ones blur syllables.
    private const int WindowSamples = 2 * SamplesPerFrame;

    /// <summary>Below the loudest frame by this much, a frame counts as silent.</summary>
    private const double SilenceDecibels = 40;

    /// <summary>
    /// 0 (silent) to 1 (the loudest frame), linear in decibels over the 40 below the loudest. The window around frame i
    /// is centred on the time i / 25 s. A sound without any loudness gives zeros.
    /// </summary>
    /// <param name="samples">16 kHz mono.</param>
    /// <param name="frames">Frames of the video; past the end of the sound it is silent.</param>
    public static double[] Of(ReadOnlySpan<short> samples, int frames)
    {
        var levels = new double[frames];
        for (var frame = 0; frame < frames; frame++)
        {
            var centre = (long)frame * SamplesPerFrame;
            var start = (int)Math.Clamp(centre - (WindowSamples / 2), 0, samples.Length);
            var end = (int)Math.Clamp(centre + (WindowSamples / 2), start, samples.Length);
            double energy = 0;
            foreach (var sample in samples[start..end])
            {
                energy += (double)sample * sample;
            }

            levels[frame] = energy > 0 ? 10 * Math.Log10(energy / WindowSamples) : double.NegativeInfinity;
        }

        var loudest = levels.DefaultIfEmpty(double.NegativeInfinity).Max();
        return Array.ConvertAll(levels, level => double.IsNegativeInfinity(level) ? 0 : Math.Clamp(1 + ((level - loudest) / SilenceDecibels), 0, 1));
    }
}

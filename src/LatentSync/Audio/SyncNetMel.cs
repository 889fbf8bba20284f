using LatentSync.Tensors;

namespace LatentSync.Audio;

/// <summary>
/// The mel spectrogram that LatentSync's SyncNet was trained on (its configs/audio.yaml, which is Wav2Lip's): pre-emphasis,
/// 50 ms frames every 12.5 ms, 80 bands from 55 to 7600 Hz over the magnitude, decibels from -100 to 0 mapped to -4..4.
/// </summary>
internal static class SyncNetMel
{
    /// <summary>Samples from one frame to the next: 80 frames per second.</summary>
    public const int HopLength = 200;

    private const int FrameLength = 800;
    private const double LowestFrequency = 55;
    private const double HighestFrequency = 7600;
    private const float PreEmphasis = 0.97f;

    // The least magnitude is -100 dB; the level of reference is 20 dB; 100 dB span -4..4.
    private const float SmallestMagnitude = 1e-5f;
    private const float DecibelsPerDecade = 20;
    private const float ReferenceDecibels = 20;
    private const float LowestDecibels = -100;
    private const float LargestValue = 4;

    private static readonly MelFilterBank FilterBank = new((FrameLength / 2) + 1, LowestFrequency, HighestFrequency);

    /// <summary>The spectrogram of a sound.</summary>
    /// <param name="samples">16 kHz mono. Frame t is centred on sample 200 t; beyond its ends the sound is silent.</param>
    /// <returns>[samples / 200 + 1, 80], -4..4; 25.6 KB per second of sound.</returns>
    public static Tensor Compute(ReadOnlySpan<short> samples)
    {
        var mel = new Tensor((samples.Length / HopLength) + 1, MelFilterBank.BandCount);
        var spectrum = new PowerSpectrum(FrameLength);
        Span<float> frame = new float[FrameLength];
        Span<float> magnitude = new float[spectrum.BinCount];
        for (var t = 0; t < mel.Shape[0]; t++)
        {
            CopyEmphasized(samples, (t * HopLength) - (FrameLength / 2), frame);
            spectrum.Compute(frame, magnitude);
            TensorPrimitives.Sqrt(magnitude, magnitude);
            FilterBank.Apply(magnitude, mel.Row(t));
        }

        Compress(mel.Span);
        return mel;
    }

    /// <summary>x[n] - 0.97 x[n - 1], with zeros outside the sound.</summary>
    private static void CopyEmphasized(ReadOnlySpan<short> samples, int start, Span<float> frame)
    {
        frame.Clear();
        var (first, end) = (Math.Max(start, 0), Math.Min(start + frame.Length, samples.Length));
        for (var n = first; n < end; n++)
        {
            frame[n - start] = samples[n] - (n > 0 ? PreEmphasis * samples[n - 1] : 0);
        }
    }

    private static void Compress(Span<float> magnitude)
    {
        TensorPrimitives.Max(magnitude, SmallestMagnitude, magnitude);
        TensorPrimitives.Log10(magnitude, magnitude);
        TensorPrimitives.Multiply(magnitude, DecibelsPerDecade, magnitude);
        TensorPrimitives.Subtract(magnitude, ReferenceDecibels + LowestDecibels, magnitude);
        TensorPrimitives.Multiply(magnitude, 2 * LargestValue / -LowestDecibels, magnitude);
        TensorPrimitives.Subtract(magnitude, LargestValue, magnitude);
        TensorPrimitives.Max(magnitude, -LargestValue, magnitude);
        TensorPrimitives.Min(magnitude, LargestValue, magnitude);
    }
}

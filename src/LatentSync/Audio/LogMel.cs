using LatentSync.Tensors;

namespace LatentSync.Audio;

/// <summary>
/// The log-mel spectrogram that Whisper was trained on (arXiv 2212.04356): 25 ms frames every 10 ms, 80 bands, log10 of
/// the power cut off 80 dB below the loudest value of the whole sound, then (x + 4) / 4.
/// </summary>
internal static class LogMel
{
    /// <summary>Samples per second of the sound.</summary>
    public const int SampleRate = 16000;

    /// <summary>Samples from one frame to the next.</summary>
    public const int HopLength = 160;

    private const int FrameLength = 400;
    private const double HighestFrequency = 8000;

    /// <summary>Two frames, the least that makes one row of features; a shorter sound is filled up with silence.</summary>
    private const int FewestSamples = 2 * HopLength;

    private const float SmallestPower = 1e-10f;
    private const float DynamicRange = 8;
    private const float Offset = 4;
    private const float Scale = 4;

    private static readonly MelFilterBank FilterBank = new((FrameLength / 2) + 1, 0, HighestFrequency);

    /// <summary>The spectrogram of a sound.</summary>
    /// <param name="samples">16 kHz mono. Frame t is centred on sample 160 t; beyond its ends the sound is mirrored.</param>
    /// <returns>[80, samples / 160], about -1.5..1.5; 32 KB per second of sound.</returns>
    /// <exception cref="ArgumentException">There are no samples.</exception>
    public static Tensor Compute(ReadOnlySpan<short> samples)
    {
        if (samples.IsEmpty)
        {
            throw new ArgumentException("The sound has no samples.", nameof(samples));
        }

        if (samples.Length < FewestSamples)
        {
            var filledUp = new short[FewestSamples];
            samples.CopyTo(filledUp);
            samples = filledUp;
        }

        var frameCount = samples.Length / HopLength;
        var mel = new Tensor(MelFilterBank.BandCount, frameCount);
        var spectrum = new PowerSpectrum(FrameLength);
        Span<float> frame = new float[FrameLength];
        Span<float> power = new float[spectrum.BinCount];
        Span<float> bands = new float[MelFilterBank.BandCount];
        for (var t = 0; t < frameCount; t++)
        {
            CopyFrame(samples, (t * HopLength) - (FrameLength / 2), frame);
            spectrum.Compute(frame, power);
            FilterBank.Apply(power, bands);
            for (var band = 0; band < bands.Length; band++)
            {
                mel.Data[(band * frameCount) + t] = bands[band];
            }
        }

        Compress(mel.Span);
        return mel;
    }

    /// <summary>The value that digital silence has beside a sound: 80 dB below its maximum, as everything quieter.</summary>
    /// <param name="mel">The spectrogram of the sound.</param>
    public static float Silence(Tensor mel)
    {
        var loudest = (TensorPrimitives.Max<float>(mel.Span) * Scale) - Offset;
        return (Math.Max(loudest - DynamicRange, MathF.Log10(SmallestPower)) + Offset) / Scale;
    }

    private static void CopyFrame(ReadOnlySpan<short> samples, int start, Span<float> frame)
    {
        if (start >= 0 && start <= samples.Length - frame.Length)
        {
            TensorPrimitives.ConvertTruncating(samples.Slice(start, frame.Length), frame);
            return;
        }

        var last = samples.Length - 1;
        for (var i = 0; i < frame.Length; i++)
        {
            var index = Math.Abs(start + i);
            frame[i] = samples[index > last ? (2 * last) - index : index];
        }
    }

    private static void Compress(Span<float> power)
    {
        TensorPrimitives.Max(power, SmallestPower, power);
        TensorPrimitives.Log10(power, power);
        TensorPrimitives.Max(power, TensorPrimitives.Max<float>(power) - DynamicRange, power);
        TensorPrimitives.Add(power, Offset, power);
        TensorPrimitives.Divide(power, Scale, power);
    }
}

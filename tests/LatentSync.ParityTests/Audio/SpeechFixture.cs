using LatentSync.Audio;
using LatentSync.Tensors;
using LatentSync.TestKit;

namespace LatentSync.ParityTests.Audio;

/// <summary>
/// The golden speech and its features through the oracle, made once for all tests of a class. The part of the golden data that is in
/// the repository has the second window of 30 s only, in which the loudest sound lies, by which the spectrogram is scaled.
/// </summary>
public sealed class SpeechFixture
{
    private readonly Lazy<Tensor> _mel = new(ReadMel);
    private readonly Lazy<ReferenceWhisperEncoder> _encoder = new(() => ReferenceWhisperEncoder.Read(Golden.Path("whisper_tiny/tiny.pt")));
    private WindowedFeatures? _disjoint;

    internal Tensor Mel => _mel.Value;

    /// <summary>The row of the golden features that is the first of these.</summary>
    internal int FirstRow { get; } = Golden.IsWhole ? 0 : WindowPlan.Length;

    internal ReferenceWhisperEncoder Encoder => _encoder.Value;

    internal WindowedFeatures Disjoint => _disjoint ??= new WindowedFeatures(Mel, Encoder, WindowPlan.Disjoint);

    /// <summary>Those of the golden features that are of this sound, and the same rows of the given ones.</summary>
    internal (Tensor Actual, Tensor Expected) EveryGoldenRow(WindowedFeatures features)
    {
        const int step = 25;
        var golden = Golden.Tensor("whisper_tiny/features_every_25th.npy");
        var first = FirstRow / step;
        int[] shape = [golden.Shape[0] - first, golden.Shape[1], golden.Shape[2]];
        var (actual, expected) = (new Tensor(shape), new Tensor(shape));
        for (var i = 0; i < shape[0]; i++)
        {
            features.CopyRow(i * step, actual.Row(i));
            golden.Row(first + i).CopyTo(expected.Row(i));
        }

        return (actual, expected);
    }

    private static Tensor ReadMel()
    {
        var mel = LogMel.Compute(Wav.Read(Golden.Path("whisper_tiny/speech.wav")));
        if (Golden.IsWhole)
        {
            return mel;
        }

        // A little sound lies before the window, since a frame of the spectrogram reaches beyond its place.
        var frames = (int)(2 * Npy.ReadInt64(Golden.Path("whisper_tiny/feature_count.npy"))[0]) - (2 * WindowPlan.Length);
        var window = new Tensor(mel.Shape[0], frames);
        for (var band = 0; band < mel.Shape[0]; band++)
        {
            mel.Row(band)[^frames..].CopyTo(window.Row(band));
        }

        return window;
    }
}

using LatentSync.Audio;
using LatentSync.Tensors;
using LatentSync.TestKit;

namespace LatentSync.ParityTests.Audio;

/// <summary>The golden speech and its features through the oracle, made once for all tests of a class.</summary>
public sealed class SpeechFixture
{
    // Made in the tests, not with the fixture: where the golden data is missing, each test is skipped.
    private readonly Lazy<Tensor> _mel = new(() => LogMel.Compute(Wav.Read(Golden.Path("whisper_tiny/speech.wav"))));
    private readonly Lazy<ReferenceWhisperEncoder> _encoder = new(() => ReferenceWhisperEncoder.Read(Golden.Path("whisper_tiny/tiny.pt")));
    private WindowedFeatures? _disjoint;

    internal Tensor Mel => _mel.Value;

    internal ReferenceWhisperEncoder Encoder => _encoder.Value;

    internal WindowedFeatures Disjoint => _disjoint ??= new WindowedFeatures(Mel, Encoder, WindowPlan.Disjoint);
}

using LatentSync.Audio;
using LatentSync.Tensors;
using LatentSync.TestKit;

namespace LatentSync.ParityTests.Audio;

/// <summary>The golden speech and its features through the oracle, made once for all tests of a class.</summary>
public sealed class SpeechFixture
{
    public SpeechFixture()
    {
        Mel = LogMel.Compute(Wav.Read(Golden.Path("whisper_tiny/speech.wav")));
        Encoder = ReferenceWhisperEncoder.Read(Golden.Path("whisper_tiny/tiny.pt"));
        Disjoint = new WindowedFeatures(Mel, Encoder, WindowPlan.Disjoint);
    }

    internal Tensor Mel { get; }

    internal ReferenceWhisperEncoder Encoder { get; }

    internal WindowedFeatures Disjoint { get; }
}

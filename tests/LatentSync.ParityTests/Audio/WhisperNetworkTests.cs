using LatentSync.Audio;
using LatentSync.Backends.Cpu;
using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Config;
using LatentSync.Checkpoints.Tensors;
using LatentSync.TestKit;

namespace LatentSync.ParityTests.Audio;

/// <summary>The encoder as it is used: the graph this program writes, run by ONNX Runtime on the float16 checkpoint.</summary>
public class WhisperNetworkTests(SpeechFixture speech) : IClassFixture<SpeechFixture>
{
    private const double Limit = 1e-4;

    [Fact]
    public void Features_EqualTheReference()
    {
        using var archive = CheckpointFile.Open(Golden.Path("whisper_tiny/tiny.pt"));
        using var encoder = new WhisperAudioEncoder(WhisperDimensions.Read(archive), WeightSource.Of(archive));
        var (actual, expected) = speech.EveryGoldenRow(new WindowedFeatures(speech.Mel, encoder, WindowPlan.Disjoint));
        ParityTable.RelativeL2("whisper_tiny/features, ONNX Runtime", actual, expected, Limit);
    }
}

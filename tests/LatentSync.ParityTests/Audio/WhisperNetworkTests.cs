using LatentSync.Audio;
using LatentSync.Checkpoints;
using LatentSync.Tensors;
using LatentSync.TestKit;

namespace LatentSync.ParityTests.Audio;

/// <summary>The encoder as it is used: the graph this program writes, run by ONNX Runtime on the float16 checkpoint.</summary>
public class WhisperNetworkTests
{
    private const double Limit = 1e-4;

    [Fact]
    public void Features_EqualTheReference()
    {
        const int Step = 25;
        using var archive = TensorArchive.Open(Golden.Path("whisper_tiny/tiny.pt"));
        using var encoder = new WhisperAudioEncoder(WhisperDimensions.Read(archive), WeightSource.Of(archive));
        var mel = LogMel.Compute(Wav.Read(Golden.Path("whisper_tiny/speech.wav")));
        var features = new WindowedFeatures(mel, encoder, WindowPlan.Disjoint);
        var expected = Golden.Tensor("whisper_tiny/features_every_25th.npy");
        var actual = new Tensor([.. expected.Shape]);
        for (var i = 0; i < expected.Shape[0]; i++)
        {
            features.CopyRow(i * Step, actual.Row(i));
        }

        ParityTable.RelativeL2("whisper_tiny/features, ONNX Runtime", actual, expected, Limit);
    }
}

using LatentSync.Audio;
using LatentSync.Tensors;
using LatentSync.TestKit;

namespace LatentSync.ParityTests.Audio;

public class AudioParityTests(SpeechFixture speech) : IClassFixture<SpeechFixture>
{
    private const double MelLimit = 1e-3;
    private const double NetworkLimit = 1e-4;

    [Theory]
    [InlineData("log_mel_first_500", false)]
    [InlineData("log_mel_last_200", true)]
    public void LogMel_IsTheReferences(string file, bool fromEnd)
    {
        var expected = Golden.Tensor($"whisper_tiny/{file}.npy");
        var mel = speech.Mel;
        var actual = new Tensor([.. expected.Shape]);
        for (var band = 0; band < expected.Shape[0]; band++)
        {
            mel.Row(band).Slice(fromEnd ? mel.Shape[1] - expected.Shape[1] : 0, expected.Shape[1]).CopyTo(actual.Row(band));
        }

        ParityTable.MaxAbsolute($"audio {file}", actual, expected, MelLimit);
    }

    [Fact]
    public void LogMel_OfSpeech_IsItsDefinition()
    {
        var second = Wav.Read(Golden.Path("whisper_tiny/speech.wav"))[160000..176000];
        ParityTable.MaxAbsolute("audio log-mel, slow twin", LogMel.Compute(second), SlowLogMel.Compute(second), MelLimit);
    }

    [Fact]
    public void Features_AreTheReferences()
    {
        const int Step = 25;
        var features = speech.Disjoint;
        Assert.Equal(Npy.ReadInt64(Golden.Path("whisper_tiny/feature_count.npy")), new long[] { features.RowCount, features.LayerCount, features.Width });

        var expected = Golden.Tensor("whisper_tiny/features_every_25th.npy");
        var actual = new Tensor([.. expected.Shape]);
        for (var i = 0; i < expected.Shape[0]; i++)
        {
            features.CopyRow(i * Step, actual.Row(i));
        }

        ParityTable.RelativeL2("audio features", actual, expected, NetworkLimit);
    }

    [Fact]
    public void Frames_AreTheReferences()
    {
        var frames = new FrameAudio(speech.Disjoint, FrameAudio.CountReferenceFrames(speech.Disjoint.RowCount));
        Assert.Equal(Assert.Single(Npy.ReadInt64(Golden.Path("whisper_tiny/chunk_count.npy"))), frames.FrameCount);

        var expected = Golden.Tensor("whisper_tiny/chunks.npy");
        var indices = Npy.ReadInt64(Golden.Path("whisper_tiny/chunk_index.npy"));
        var actual = new Tensor(indices.Length, frames.TokenCount, frames.Width);
        for (var i = 0; i < indices.Length; i++)
        {
            frames.CopyFrame((int)indices[i], actual.Row(i));
        }

        ParityTable.RelativeL2("audio frames", actual, expected, NetworkLimit);
    }

    [Fact]
    public void Frames_AreTheReferencesRows()
    {
        var frames = new FrameAudio(speech.Disjoint, FrameAudio.CountReferenceFrames(speech.Disjoint.RowCount));
        var rows = Golden.Tensor("whisper_tiny/chunk_rows.npy");
        var indices = Npy.ReadInt64(Golden.Path("whisper_tiny/chunk_index.npy"));
        var actual = new float[frames.TokenCount * frames.Width];
        var expected = new float[actual.Length / rows.Shape[1]];
        for (var i = 0; i < indices.Length; i++)
        {
            frames.CopyFrame((int)indices[i], actual);
            for (var j = 0; j < rows.Shape[1]; j++)
            {
                speech.Disjoint.CopyRow((int)rows.Row(i)[j], expected);
                Assert.Equal(expected, actual[(j * expected.Length)..((j + 1) * expected.Length)]);
            }
        }
    }
}

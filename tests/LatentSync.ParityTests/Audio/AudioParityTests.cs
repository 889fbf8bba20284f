using LatentSync.Audio;
using LatentSync.Tensors;
using LatentSync.TestKit;

namespace LatentSync.ParityTests.Audio;

public class AudioParityTests(SpeechFixture speech) : IClassFixture<SpeechFixture>
{
    private const double MelLimit = 1e-3;
    private const double NetworkLimit = 1e-4;

    private int FirstFrame => speech.FirstRow / (WindowedFeatures.RowsPerSecond / FrameAudio.FramesPerSecond);

    /// <summary>The spectrograms whose sound is there.</summary>
    public static TheoryData<string, bool> Spectrograms { get; } =
        Golden.IsWhole ? new() { { "log_mel_first_500", false }, { "log_mel_last_200", true } } : new() { { "log_mel_last_200", true } };

    [Theory]
    [MemberData(nameof(Spectrograms))]
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
        var second = Wav.Read(Golden.Path("whisper_tiny/speech.wav"))[^(2 * Wav.SampleRate)..^Wav.SampleRate];
        ParityTable.MaxAbsolute("audio log-mel, slow twin", LogMel.Compute(second), SlowLogMel.Compute(second), MelLimit);
    }

    [Fact]
    public void Features_AreTheReferences()
    {
        var features = speech.Disjoint;
        Assert.Equal(
            Npy.ReadInt64(Golden.Path("whisper_tiny/feature_count.npy")),
            new long[] { speech.FirstRow + features.RowCount, features.LayerCount, features.Width }
        );
        var (actual, expected) = speech.EveryGoldenRow(features);
        ParityTable.RelativeL2("audio features", actual, expected, NetworkLimit);
    }

    [Fact]
    public void Frames_AreTheReferences()
    {
        var frames = new FrameAudio(speech.Disjoint, FrameAudio.CountReferenceFrames(speech.Disjoint.RowCount));
        Assert.Equal(Assert.Single(Npy.ReadInt64(Golden.Path("whisper_tiny/chunk_count.npy"))), FirstFrame + frames.FrameCount);

        var golden = Golden.Tensor("whisper_tiny/chunks.npy");
        var indices = Heard();
        var actual = new Tensor(indices.Count, frames.TokenCount, frames.Width);
        var expected = new Tensor(indices.Count, frames.TokenCount, frames.Width);
        for (var i = 0; i < indices.Count; i++)
        {
            frames.CopyFrame(indices[i].Frame - FirstFrame, actual.Row(i));
            golden.Row(indices[i].Index).CopyTo(expected.Row(i));
        }

        ParityTable.RelativeL2("audio frames", actual, expected, NetworkLimit);
    }

    [Fact]
    public void Frames_AreTheReferencesRows()
    {
        var frames = new FrameAudio(speech.Disjoint, FrameAudio.CountReferenceFrames(speech.Disjoint.RowCount));
        var rows = Golden.Tensor("whisper_tiny/chunk_rows.npy");
        var actual = new float[frames.TokenCount * frames.Width];
        var expected = new float[actual.Length / rows.Shape[1]];
        foreach (var (index, frame) in Heard())
        {
            frames.CopyFrame(frame - FirstFrame, actual);
            for (var j = 0; j < rows.Shape[1]; j++)
            {
                speech.Disjoint.CopyRow((int)rows.Row(index)[j] - speech.FirstRow, expected);
                Assert.Equal(expected, actual[(j * expected.Length)..((j + 1) * expected.Length)]);
            }
        }
    }

    /// <summary>The golden frames whose sound is there: their place among them, and their number in the video.</summary>
    private List<(int Index, int Frame)> Heard() =>
        [.. Npy.ReadInt64(Golden.Path("whisper_tiny/chunk_index.npy")).Select((frame, index) => (index, (int)frame)).Where(entry => entry.Item2 >= FirstFrame)];
}

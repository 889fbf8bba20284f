using LatentSync.Audio;
using LatentSync.Tensors;

namespace LatentSync.Tests.Audio;

public sealed class QuietSpansTests
{
    // A chunk is 3.2 hundredths of a second.
    private const int Second = 31;

    [Fact]
    public void Pause_CountsFromTheGivenLength_AndKeepsAMarginAtBothEnds()
    {
        float[] probabilities = [.. Speech(1), .. Noise(2), .. Speech(1)];

        Assert.Equal([(99 + 20, 297 - 20)], QuietSpans.Find(probabilities, shortest: 1.9, thenSilence: false).Spans);
        Assert.Empty(QuietSpans.Find(probabilities, shortest: 2.1, thenSilence: false).Spans);
    }

    [Fact]
    public void EndsOfTheSound_HaveNoMargin()
    {
        float[] probabilities = [.. Noise(2), .. Speech(1), .. Noise(3)];

        Assert.Equal([(0, 198 - 20), (297 + 20, int.MaxValue)], QuietSpans.Find(probabilities, shortest: 1, thenSilence: false).Spans);
        Assert.Equal([(0, 198 - 20), (297 + 20, int.MaxValue)], QuietSpans.Find(probabilities, shortest: 1, thenSilence: true).Spans);
        Assert.Equal([(99 + 20, int.MaxValue)], QuietSpans.Find([.. Speech(1)], shortest: 1, thenSilence: true).Spans);
        Assert.Empty(QuietSpans.Find([.. Speech(1)], shortest: 1, thenSilence: false).Spans);
    }

    [Fact]
    public void HesitationBetweenTheThresholds_IsStillSpeech()
    {
        float[] probabilities = [.. Speech(1), .. Enumerable.Repeat(0.4f, 3 * Second), .. Speech(1)];

        Assert.Empty(QuietSpans.Find(probabilities, shortest: 1, thenSilence: false).Spans);
    }

    [Fact]
    public void Weight_FadesInsideTheSpan_NotAtTheEndsOfTheSound()
    {
        // Frames of the model are 4 hundredths apart: the span is frame 30 to 69.
        var quiet = QuietSpans.Find([.. Speech(1), .. Noise(2), .. Speech(1)], shortest: 1, thenSilence: false);
        Assert.Equal([1, 0.75f, 0.5f, 0.25f, 0, 0], Weights(quiet, 29, 6));
        Assert.Equal([0, 0, 0.25f, 0.5f, 0.75f, 1], Weights(quiet, 65, 6));

        var atTheStart = QuietSpans.Find([.. Noise(2), .. Speech(1)], shortest: 1, thenSilence: true);
        Assert.Equal(0, atTheStart.Weight(0));
        Assert.Equal(0, atTheStart.Weight(100_000));

        var atTheEnd = QuietSpans.Find([.. Speech(1), .. Noise(2)], shortest: 1, thenSilence: false);
        Assert.Equal([0, 0, 0], Weights(atTheEnd, 72, 3));
    }

    [Fact]
    public void Mute_PutsSilenceInside_AndLeavesTheRest()
    {
        var mel = new Tensor(2, 397);
        mel.Span.Fill(1);

        QuietSpans.Find([.. Speech(1), .. Noise(2), .. Speech(1)], shortest: 1, thenSilence: false).Mute(mel, -1);

        for (var band = 0; band < 2; band++)
        {
            Assert.All(mel.Row(band)[..119].ToArray(), value => Assert.Equal(1, value));
            Assert.All(mel.Row(band)[128..268].ToArray(), value => Assert.Equal(-1, value, 1e-6));
            Assert.All(mel.Row(band)[277..].ToArray(), value => Assert.Equal(1, value));
            Assert.InRange(mel.Row(band)[123], -0.2f, 0.2f);
        }
    }

    private static float[] Weights(QuietSpans quiet, int first, int count) => [.. Enumerable.Range(first, count).Select(quiet.Weight)];

    private static IEnumerable<float> Speech(int seconds) => Enumerable.Repeat(0.9f, seconds * Second);

    private static IEnumerable<float> Noise(int seconds) => Enumerable.Repeat(0.1f, seconds * Second);
}

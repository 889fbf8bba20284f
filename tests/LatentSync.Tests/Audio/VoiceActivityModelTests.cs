using LatentSync.Audio;
using LatentSync.TestKit;

namespace LatentSync.Tests.Audio;

public sealed class VoiceActivityModelTests
{
    private const int Seconds = 3;

    // The network may be startled by the beginning of a sound.
    private const double OneChunk = 0.011;

    [Fact]
    public void Voice_IsSpeech_NoiseChordsAndSilence_AreNot()
    {
        using var model = new VoiceActivityModel();
        var voice = Wav.Read(Path.Combine(RepositoryFolder.Path, "samples", "voice.wav"));
        Assert.InRange(Share(model.Listen(voice, CancellationToken.None)), 0.5, 1);

        var random = new Random(3);
        Assert.InRange(Share(Listen(model, _ => (random.NextDouble() - 0.5) * 8000)), 0, OneChunk);
        Assert.InRange(
            Share(Listen(model, t => 3000 * (Math.Sin(2 * Math.PI * 220 * t) + Math.Sin(2 * Math.PI * 277 * t) + Math.Sin(2 * Math.PI * 330 * t)))),
            0,
            OneChunk
        );
        Assert.InRange(Share(Listen(model, _ => 0)), 0, OneChunk);
    }

    [Fact]
    public void Listen_HasAProbabilityForTheRestOfTheSound()
    {
        using var model = new VoiceActivityModel();
        Assert.Equal(3, model.Listen(new short[(2 * VoiceActivityModel.ChunkSamples) + 1], CancellationToken.None).Length);
        Assert.Empty(model.Listen([], CancellationToken.None));
    }

    private static float[] Listen(VoiceActivityModel model, Func<double, double> sample) =>
        model.Listen([.. Enumerable.Range(0, Seconds * LogMel.SampleRate).Select(i => (short)sample((double)i / LogMel.SampleRate))], CancellationToken.None);

    private static double Share(float[] probabilities) => probabilities.Average(probability => probability >= QuietSpans.Speech ? 1.0 : 0);
}

using System.Numerics.Tensors;
using LatentSync.Audio;
using LatentSync.TestKit;
using static System.FormattableString;
using Tensor = LatentSync.Tensors.Tensor;

namespace LatentSync.ParityTests.Audio;

/// <summary>
/// The twitch of the mouth every 30 s, measured: the distance between neighbouring rows of features where two windows
/// meet, against the rest of the speech, through the oracle.
/// </summary>
public class SeamTests(SpeechFixture speech, ITestOutputHelper output) : IClassFixture<SpeechFixture>
{
    private const int Seconds = 36;
    private const string Voice = "sample voice";

    private const int Border = WindowPlan.Length;

    public static TheoryData<string> Sounds { get; } = Golden.IsWhole ? [Voice, "golden speech"] : [Voice];

    [Theory]
    [MemberData(nameof(Sounds))]
    public void Seam_StandsOutOfDisjointWindowsOnly(string sound)
    {
        var mel = sound == Voice ? VoiceMel() : speech.Mel;

        // The window changes over between rows 1225 and 1275 in overlapping windows, at row 1500 in disjoint ones.
        var disjoint = Measure("disjoint", new WindowedFeatures(mel, speech.Encoder, WindowPlan.Disjoint), Border - 1, Border);
        var overlapping = Measure("overlapping", new WindowedFeatures(mel, speech.Encoder, WindowPlan.Overlapping), 1224, 1276);
        var healed = Measure("overlapping, at 30 s", new WindowedFeatures(mel, speech.Encoder, WindowPlan.Overlapping), Border - 1, Border);

        Assert.True(disjoint > 2, Invariant($"The seam of disjoint windows is only {disjoint:f2} times the largest step elsewhere."));
        ParityTable.Check($"audio seam, overlapping windows, {sound}", "largest step / largest elsewhere", overlapping, 1);
        ParityTable.Check($"audio step at 30 s, overlapping windows, {sound}", "step / largest elsewhere", healed, 1);
    }

    /// <summary>36 s of the sample voice, which says its sentence again and again.</summary>
    private static Tensor VoiceMel()
    {
        var voice = Wav.Read(Path.Combine(RepositoryFolder.Path, "samples", "voice.wav"));
        return LogMel.Compute([.. Enumerable.Range(0, Seconds * Wav.SampleRate).Select(i => voice[i % voice.Length])]);
    }

    /// <summary>The largest step between first and last over the largest step anywhere else.</summary>
    private double Measure(string name, WindowedFeatures features, int first, int last)
    {
        var steps = Steps(features);
        var median = steps.Order().ElementAt(steps.Length / 2);
        var seam = steps[first..last].Max();
        var elsewhere = Math.Max(steps[..first].Max(), steps[last..].Max());
        output.WriteLine(
            Invariant($"{name, -21} median step {median:f2}, at the seam {seam / median:f2} medians, elsewhere at most {elsewhere / median:f2} medians")
        );
        return seam / elsewhere;
    }

    private static double[] Steps(WindowedFeatures features)
    {
        var previous = new float[features.LayerCount * features.Width];
        var row = new float[previous.Length];
        features.CopyRow(0, previous);
        var steps = new double[features.RowCount - 1];
        for (var i = 0; i < steps.Length; i++)
        {
            features.CopyRow(i + 1, row);
            steps[i] = TensorPrimitives.Distance<float>(previous, row);
            (previous, row) = (row, previous);
        }

        return steps;
    }
}

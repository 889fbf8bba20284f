using LatentSync.Audio;
using LatentSync.Tensors;
using LatentSync.TestKit;

namespace LatentSync.ParityTests.Audio;

/// <summary>
/// SyncNet's spectrogram against NumPy and SciPy in double precision (lfilter, a periodic Hann window, rfft), on a sound
/// made by <see cref="Formula"/>: numbers times 12000, cut to integers, those from 1500 to 2499 divided by 1000 and rounded down.
/// </summary>
public class SyncNetMelParityTests
{
    private const double Limit = 1e-4;
    private const int KeptEvery = 10;

    private static readonly int[] Frames = [0, 9, 20];

    // Every tenth band of these frames.
    // csharpier-ignore
    private static readonly float[] Expected =
    [
        -0.7203673f, -0.09762085f, 0.001273072f, 0.3487566f, 0.7435162f, 0.5833046f, 1.189561f, 1.159352f, -3.591825f, -2.246656f, -1.941571f,
        -1.702231f, -1.090652f, -0.7975784f, -0.6308026f, -0.3745852f, -0.8959588f, -0.5142994f, -0.3158055f, 0.7170993f, 0.5244861f, 0.970028f,
        1.000438f, 1.359725f,
    ];

    [Fact]
    public void Bands_EqualTheReference()
    {
        var sound = Formula
            .Numbers("sound", 4000, scale: 12000)
            .Select((value, n) => n is >= 1500 and < 2500 ? (short)Math.Floor((short)value / 1000.0) : (short)value);
        var mel = SyncNetMel.Compute([.. sound]);
        Assert.Equal([21, 80], mel.Shape);
        float[] kept = [.. Frames.SelectMany(frame => mel.Row(frame).ToArray().Where((_, band) => band % KeptEvery == 0))];
        ParityTable.RelativeL2("syncnet/mel", new Tensor(kept, kept.Length), new Tensor(Expected, Expected.Length), Limit);
    }
}

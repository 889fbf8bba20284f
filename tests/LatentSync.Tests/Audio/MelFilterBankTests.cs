using LatentSync.Audio;
using LatentSync.TestKit;

namespace LatentSync.Tests.Audio;

public class MelFilterBankTests
{
    private const int WhisperBins = 201;
    private static readonly MelFilterBank Whisper = new(WhisperBins, 0, 8000);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(500, 7.5)]
    [InlineData(1000, 15)]
    [InlineData(6400, 42)]
    public void Scale_HasSlaneysFixedPoints(double hertz, double mel)
    {
        Assert.Equal(mel, MelFilterBank.HertzToMel(hertz), 1e-9);
        Assert.Equal(hertz, MelFilterBank.MelToHertz(mel), 1e-9);
    }

    [Fact]
    public void Apply_WeighsEachBinByItsTriangle()
    {
        var power = new float[WhisperBins];
        var bands = new float[MelFilterBank.BandCount];
        for (var bin = 0; bin < power.Length; bin++)
        {
            Array.Clear(power);
            power[bin] = 1;
            Whisper.Apply(power, bands);
            for (var band = 0; band < bands.Length; band++)
            {
                Assert.Equal(SlowLogMel.Weight(band, bin * 40.0), bands[band], 1e-8);
            }
        }
    }

    [Fact]
    public void Apply_HasWhispersFirstWeight()
    {
        // The number that Whisper's published filter bank holds for band 0, bin 1.
        var power = new float[WhisperBins];
        power[1] = 1;
        var bands = new float[MelFilterBank.BandCount];
        Whisper.Apply(power, bands);
        Assert.Equal(0.0248626, bands[0], 1e-7);
    }
}

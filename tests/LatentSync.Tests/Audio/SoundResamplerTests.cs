using LatentSync.Audio;

namespace LatentSync.Tests.Audio;

/// <summary>Any sample rate to 16 kHz: length, level, band limit, and a slow twin.</summary>
public class SoundResamplerTests
{
    private const int Target = 16000;

    [Fact]
    public void SameRate_OnlyRounds()
    {
        float[] samples = [0, 0.5f, -1, 1, 2, -2, float.NaN, 0.25f / 32768, 0.75f / 32768];
        Assert.Equal([0, 16384, -32768, 32767, 32767, -32768, 0, 0, 1], SoundResampler.Resample(samples, Target));
    }

    [Theory]
    [InlineData(44100, 44100, 16000)]
    [InlineData(48000, 1, 1)]
    [InlineData(48000, 4, 2)]
    [InlineData(8000, 5, 10)]
    [InlineData(11025, 11025, 16000)]
    [InlineData(44100, 0, 0)]
    public void Length_IsThatOfTheSoundRoundedUp(int rate, int samples, int expected) =>
        Assert.Equal(expected, SoundResampler.Resample(new float[samples], rate).Length);

    [Theory]
    [InlineData(8000)]
    [InlineData(22050)]
    [InlineData(44100)]
    [InlineData(48000)]
    [InlineData(96000)]
    public void Tone_KeepsLevelAndPhase(int rate)
    {
        const double Frequency = 997;
        var resampled = SoundResampler.Resample(Tone(rate, Frequency), rate);
        var worst = Middle(resampled).Max(i => Math.Abs(resampled[i] - (16384 * Math.Sin(2 * Math.PI * Frequency * i / Target))));
        Assert.InRange(worst, 0, 8);
    }

    [Theory]
    [InlineData(44100, 8600)]
    [InlineData(48000, 11000)]
    [InlineData(96000, 30000)]
    public void ToneThatTheNewRateCannotHold_IsSilenced(int rate, double frequency)
    {
        var resampled = SoundResampler.Resample(Tone(rate, frequency), rate);

        // 16384 is the level of the tone: 60 dB below.
        Assert.InRange(Middle(resampled).Max(i => Math.Abs((int)resampled[i])), 0, 16);
    }

    [Theory]
    [InlineData(44100)]
    [InlineData(12000)]
    public void Constant_KeepsItsValue(int rate)
    {
        var samples = new float[rate / 4];
        Array.Fill(samples, 0.5f);
        var resampled = SoundResampler.Resample(samples, rate);
        Assert.All(Middle(resampled), i => Assert.InRange(resampled[i], 16383, 16385));
    }

    [Fact]
    public void TwoHalves_AreTheWhole()
    {
        // 441 samples are 160 new ones, so the second half falls on the same grid.
        var random = new Random(5);
        var samples = Enumerable.Range(0, 44100).Select(_ => (random.NextSingle() - 0.5f) / 2).ToArray();
        var whole = SoundResampler.Resample(samples, 44100);
        var second = SoundResampler.Resample(samples.AsSpan(22050), 44100);
        Assert.Equal(whole[8400..15000], second[400..7000]);
    }

    [Theory]
    [InlineData(3999)]
    [InlineData(384001)]
    public void OtherRates_AreRefused(int rate) => Assert.Throws<ArgumentOutOfRangeException>(() => SoundResampler.Resample(new float[9], rate));

    private static float[] Tone(int rate, double frequency) =>
        [.. Enumerable.Range(0, rate / 4).Select(i => (float)(0.5 * Math.Sin(2 * Math.PI * frequency * i / rate)))];

    // Away from the ends, where the filter reaches beyond the sound.
    private static IEnumerable<int> Middle(short[] samples) => Enumerable.Range(200, samples.Length - 400);
}

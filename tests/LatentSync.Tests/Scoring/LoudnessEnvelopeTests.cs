using LatentSync.Scoring;

namespace LatentSync.Tests.Scoring;

public class LoudnessEnvelopeTests
{
    private const int SamplesPerFrame = 640;

    [Fact]
    public void Of_ATone_IsOneInside_AndZeroOutside()
    {
        var samples = new short[100 * SamplesPerFrame];
        for (var i = 40 * SamplesPerFrame; i < 60 * SamplesPerFrame; i++)
        {
            samples[i] = (short)(10000 * Math.Sin(i * 0.2));
        }

        var envelope = LoudnessEnvelope.Of(samples, 100);
        Assert.All(envelope[..39], value => Assert.Equal(0, value));
        Assert.All(envelope[41..59], value => Assert.InRange(value, 0.99, 1));
        Assert.All(envelope[62..], value => Assert.Equal(0, value));
    }

    [Fact]
    public void Of_TwentyDecibelsLess_IsHalf()
    {
        var samples = Enumerable.Range(0, 20 * SamplesPerFrame).Select(i => (short)((i < 10 * SamplesPerFrame ? 10000 : 1000) * Math.Sin(i * 0.2))).ToArray();
        Assert.Equal(0.5, LoudnessEnvelope.Of(samples, 20)[15], 0.01);
    }

    [Fact]
    public void Of_SilenceOrNoSound_IsZero()
    {
        Assert.All(LoudnessEnvelope.Of(new short[6400], 10), value => Assert.Equal(0, value));
        Assert.All(LoudnessEnvelope.Of([], 10), value => Assert.Equal(0, value));
    }
}

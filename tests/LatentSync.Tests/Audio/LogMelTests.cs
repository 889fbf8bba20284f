using LatentSync.Audio;
using LatentSync.TestKit;

namespace LatentSync.Tests.Audio;

public class LogMelTests
{
    [Theory]
    [InlineData(8000)]
    [InlineData(8159)]
    [InlineData(401)]
    public void Compute_IsItsDefinition(int length)
    {
        var samples = TestSignals.Sweep(length);
        var expected = SlowLogMel.Compute(samples);
        var actual = LogMel.Compute(samples);
        Assert.Equal(expected.Shape, actual.Shape);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected.Data[i], actual.Data[i], 1e-3f);
        }
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(199, 2)]
    [InlineData(200, 2)]
    [InlineData(201, 2)]
    [InlineData(320, 2)]
    [InlineData(480, 3)]
    public void Compute_OfAVeryShortSound_GivesFrames(int length, int frames)
    {
        var mel = LogMel.Compute(TestSignals.Sweep(length));
        Assert.Equal([80, frames], mel.Shape);
        Assert.All(mel.Data, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Compute_OfAVeryShortSound_FillsUpWithSilence()
    {
        var samples = TestSignals.Sweep(150);
        Array.Resize(ref samples, 320);
        Assert.Equal(LogMel.Compute(samples).Data, LogMel.Compute(samples.AsSpan(0, 150)).Data);
    }

    [Fact]
    public void Compute_OfSilence_IsTheLowestLevel() => Assert.All(LogMel.Compute(new short[16000]).Data, value => Assert.Equal(-1.5f, value));

    [Fact]
    public void Compute_CutsOff80DecibelsBelowTheLoudestOfTheWholeSound()
    {
        // One second of full-scale noise, then silence: the silence sits exactly 8 / 4 below the loudest value.
        var samples = new short[32000];
        var random = new Random(5);
        for (var i = 0; i < 16000; i++)
        {
            samples[i] = (short)random.Next(short.MinValue, short.MaxValue);
        }

        var mel = LogMel.Compute(samples);
        Assert.Equal(mel.Data.Max() - 2, mel.Row(40)[150], 1e-6f);
    }

    [Fact]
    public void Compute_WithoutSamples_Throws() => Assert.Throws<ArgumentException>(() => LogMel.Compute([]));
}

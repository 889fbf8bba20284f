using LatentSync.Audio;

namespace LatentSync.Tests.Audio;

public class FrameAudioTests
{
    [Theory]
    [InlineData(0, new[] { 0, 0, 0, 0, 0, 1, 2, 3, 4, 5 })]
    [InlineData(1, new[] { 0, 0, 0, 1, 2, 3, 4, 5, 6, 7 })]
    [InlineData(10, new[] { 16, 17, 18, 19, 20, 21, 22, 23, 24, 25 })]
    [InlineData(24, new[] { 44, 45, 46, 47, 48, 49, 49, 49, 49, 49 })]
    [InlineData(30, new[] { 49, 49, 49, 49, 49, 49, 49, 49, 49, 49 })]
    public void CopyFrame_TakesTenRowsClampedToTheSound(int frame, int[] rows)
    {
        var frames = new FrameAudio(new WindowedFeatures(FakeEncoder.RampMel(100), new FakeEncoder(), WindowPlan.Disjoint), 31);
        Assert.Equal(20, frames.TokenCount);
        var tokens = new float[frames.TokenCount * frames.Width];
        frames.CopyFrame(frame, tokens);

        // Time-major, layer-minor; both layers of the fake hold row + channel.
        var expected = rows.SelectMany(row => new float[] { row, row + 1, row + 2, row, row + 1, row + 2 });
        Assert.Equal(expected, tokens);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(640, 1)]
    [InlineData(641, 2)]
    [InlineData(16000, 25)]
    [InlineData(int.MaxValue, 3355444)]
    public void CountFrames_CoversTheSoundAndNoMore(int samples, int frames) => Assert.Equal(frames, FrameAudio.CountFrames(samples));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(49)]
    [InlineData(1800)]
    public void CountReferenceFrames_CountsToTheFirstFrameBeyondTheEnd(int rows)
    {
        var frame = 0;
        while (frame * 2 <= rows)
        {
            frame++;
        }

        Assert.Equal(frame + 1, FrameAudio.CountReferenceFrames(rows));
    }

    [Theory]
    [InlineData(true, 27)]
    [InlineData(false, 26)]
    public void Create_CountsFramesByMode(bool parity, int frames) =>
        Assert.Equal(frames, FrameAudio.Create(TestSignals.Sweep(16001), new FakeEncoder(), parity).FrameCount);

    [Fact]
    public void Create_FromOneSample_GivesOneFrame()
    {
        var frames = FrameAudio.Create([1000], new FakeEncoder(), parity: false);
        var tokens = new float[frames.TokenCount * frames.Width];
        frames.CopyFrame(0, tokens);
        Assert.Equal(1, frames.FrameCount);
        Assert.All(tokens, value => Assert.True(float.IsFinite(value)));
    }

    /// <summary>
    /// Silence without end is what zeros in the file would give, also minutes later. The last mel frames before the border
    /// see it as mirrored sound, so two frames of video may differ there.
    /// </summary>
    [Theory]
    [InlineData(0.01)]
    [InlineData(1.0)]
    public void ThenSilence_SoundsLikeZerosInTheFile(double loudness)
    {
        const int seconds = 50;
        short[] sound = [.. TestSignals.Sweep(16000).Select(sample => (short)(sample * loudness))];
        var brief = FrameAudio.Create(sound, new FakeEncoder(), parity: false, thenSilence: true);
        var padded = FrameAudio.Create([.. sound, .. new short[seconds * 16000]], new FakeEncoder(), parity: false);
        foreach (var frame in Enumerable.Range(0, 21).Concat(Enumerable.Range(28, ((seconds + 1) * 25) - 40)))
        {
            Assert.Equal(Tokens(padded, frame), Tokens(brief, frame));
        }

        Assert.Equal(Tokens(brief, 1000)[..3], Tokens(brief, 12 * 60 * 60 * 25)[..3]);
    }

    private static float[] Tokens(FrameAudio audio, int frame)
    {
        var tokens = new float[audio.TokenCount * audio.Width];
        audio.CopyFrame(frame, tokens);
        return tokens;
    }

    [Fact]
    public void CopyFrame_OutsideTheVideo_Throws()
    {
        var frames = FrameAudio.Create(TestSignals.Sweep(16000), new FakeEncoder(), parity: false);
        Assert.Throws<ArgumentOutOfRangeException>(() => frames.CopyFrame(-1, new float[60]));
        Assert.Throws<ArgumentOutOfRangeException>(() => frames.CopyFrame(25, new float[60]));
    }
}

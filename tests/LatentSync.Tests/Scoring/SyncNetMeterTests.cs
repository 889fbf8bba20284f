using LatentSync.Imaging;
using LatentSync.Scoring;
using LatentSync.Tensors;

namespace LatentSync.Tests.Scoring;

public sealed class SyncNetMeterTests : IDisposable
{
    private const int Frames = 120;

    private readonly FakeEncoders _encoders = new();

    public void Dispose() => _encoders.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(-7)]
    public void LateLips_AreAPositiveOffset(int delay)
    {
        var score = Measure(Mel(Frames), Enumerable.Range(0, Frames).Select(frame => (int?)(frame - delay)));
        Assert.Equal(delay, score.OffsetFrames);
        Assert.Equal(0, score.Distances[delay + 15], 1e-3);
        Assert.InRange(score.Confidence!.Value, 0.2, 1.5);
        Assert.Equal(Frames - 15, score.Windows);
        Assert.Equal(delay == 0, score.Similarity > 0.999);
        Assert.Equal(Frames, score.Similarities.Count);
        Assert.Equal(score.Windows, score.Similarities.Count(value => !double.IsNaN(value)));
    }

    [Fact]
    public void InSync_CountsSimilaritiesAboveAHalf()
    {
        var score = Measure(Mel(Frames), Enumerable.Range(0, Frames).Select(frame => (int?)(frame - 3)));
        var known = score.Similarities.Where(value => !double.IsNaN(value)).ToList();
        Assert.Equal((double)known.Count(value => value > 0.5) / known.Count, score.InSync);
        Assert.Equal(known.Average(), score.Similarity);
        Assert.InRange(score.InSync!.Value, 0.05, 0.95);
    }

    [Fact]
    public void FramesWithoutAFace_AreLeftOut()
    {
        var score = Measure(Mel(Frames), Enumerable.Range(0, Frames).Select(frame => frame is >= 40 and < 45 ? (int?)null : frame));
        Assert.Equal(40 - 15 + Frames - 45 - 15, score.Windows);
        Assert.Equal(0, score.OffsetFrames);
        Assert.Equal([.. Enumerable.Range(25, 20)], Enumerable.Range(0, Frames - 15).Where(frame => double.IsNaN(score.Similarities[frame])));
    }

    [Fact]
    public void Step_SkipsWindows_AndFindsTheSameOffset()
    {
        var score = Measure(Mel(Frames), Enumerable.Range(0, Frames).Select(frame => (int?)(frame - 4)), step: 5);
        Assert.Equal((4, (Frames - 15) / 5), (score.OffsetFrames, score.Windows));
    }

    [Fact]
    public void LongStep_SkipsSoundToo()
    {
        var score = Measure(Mel(Frames), Enumerable.Range(0, Frames).Select(frame => (int?)frame), step: 100);
        Assert.Equal(2, score.Windows);
        Assert.Null(score.OffsetFrames);
        Assert.InRange(_encoders.SoundWindows, 35, 60);
    }

    [Fact]
    public void SoundThatEndsFirst_EndsTheWindows()
    {
        var score = Measure(Mel(60), Enumerable.Range(0, Frames).Select(frame => (int?)frame));
        Assert.InRange(score.Windows, 44, 46);
        Assert.Equal(0, score.OffsetFrames);
    }

    [Fact]
    public void NoFace_GivesNoNumbers()
    {
        var score = Measure(Mel(Frames), Enumerable.Repeat<int?>(null, Frames));
        Assert.Equal((0, null, null), (score.Windows, score.OffsetFrames, score.Confidence));
        Assert.Null(score.Similarity);
        Assert.Null(score.InSync);
        Assert.Equal(0, _encoders.SoundWindows);
    }

    [Fact]
    public void Batches_AreSmall()
    {
        Measure(Mel(Frames), Enumerable.Range(0, Frames).Select(frame => (int?)frame));
        Assert.InRange(_encoders.LargestBatch, 2, 8);
    }

    /// <summary>Faces whose red tells the moment of the sound they belong to.</summary>
    private SyncNetScore Measure(Tensor mel, IEnumerable<int?> moments, int step = 1)
    {
        var meter = new SyncNetMeter(_encoders, mel, step);
        foreach (var moment in moments)
        {
            var face = moment is { } frame ? Face(frame) : null;
            meter.Add(face, CancellationToken.None);
        }

        return meter.Finish(CancellationToken.None);
    }

    private static RgbImage Face(int moment)
    {
        var face = new RgbImage(256, 256);
        face.Row(128)[0] = (byte)Math.Round(Share(moment) * 255);
        return face;
    }

    /// <summary>The first band holds the moment of the video frame whose window begins there.</summary>
    private static Tensor Mel(int frames)
    {
        var mel = new Tensor((frames * 16 / 5) + 1, 80);
        for (var frame = 0; frame < frames; frame++)
        {
            mel.Row(frame * 16 / 5)[0] = (float)Share(frame);
        }

        return mel;
    }

    /// <summary>Scattered over the 8-bit levels from 0 to 1, so that neighbours differ.</summary>
    private static double Share(int moment) => new Random(7919 * (moment + 1000)).Next(256) / 255.0;
}

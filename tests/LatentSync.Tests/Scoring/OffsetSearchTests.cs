using LatentSync.Scoring;

namespace LatentSync.Tests.Scoring;

public class OffsetSearchTests
{
    private const int Range = 15;

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(-7)]
    public void Correlations_PeakWhereTheLipsAreLate(int late)
    {
        var sound = Speechlike(200);
        var lips = Enumerable.Range(0, 200).Select(frame => sound[Math.Clamp(frame - late, 0, 199)] * 0.3).ToArray();
        var correlations = OffsetSearch.Correlations(lips, sound, Range);
        Assert.Equal(late, Array.IndexOf(correlations, correlations.Max()) - Range);
        Assert.Equal(1, correlations.Max(), 0.05);
    }

    [Fact]
    public void Correlations_SkipFramesWithoutAFace()
    {
        var sound = Speechlike(200);
        var lips = sound.Select((value, frame) => frame is > 50 and < 80 ? double.NaN : value).ToArray();
        Assert.Equal(1, OffsetSearch.Correlations(lips, sound, Range)[Range], 1e-9);
    }

    [Fact]
    public void Correlations_OfAMouthThatNeverMoves_AreNotDefined() =>
        Assert.All(OffsetSearch.Correlations(new double[100], Speechlike(100), Range), value => Assert.True(double.IsNaN(value)));

    [Fact]
    public void Correlations_OfAFewFrames_AreNotDefined() =>
        Assert.All(OffsetSearch.Correlations([0.1, 0.2, 0.3], [1, 0, 1], Range), value => Assert.True(double.IsNaN(value)));

    [Fact]
    public void Pearson_IsItsDefinition()
    {
        Assert.Equal(1, OffsetSearch.Pearson([1, 2, 3], [10, 20, 30]), 1e-12);
        Assert.Equal(-1, OffsetSearch.Pearson([1, 2, 3], [3, 2, 1]), 1e-12);
        Assert.Equal(0.5, OffsetSearch.Pearson([1, 2, 3], [1, 3, 2]), 1e-12);
    }

    /// <summary>A curve without a period, so that only one offset is right.</summary>
    private static double[] Speechlike(int frames) =>
        [.. Enumerable.Range(0, frames).Select(frame => Math.Abs(Math.Sin(frame * 0.61) * Math.Cos(frame * frame * 0.003)))];
}

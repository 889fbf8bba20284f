using LatentSync.Imaging;
using LatentSync.Scoring;

namespace LatentSync.Tests.Scoring;

public class MouthOpeningTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3.5)]
    public void Of_IsTheGapOverTheEyeDistance_WhateverTheSize(double scale)
    {
        var mesh = new Point2D[468];
        mesh[33] = new Point2D(100 * scale, 50 * scale);
        mesh[263] = new Point2D(200 * scale, 50 * scale);
        foreach (var (upper, lower) in new[] { (82, 87), (13, 14), (312, 317) })
        {
            mesh[upper] = new Point2D(150 * scale, 120 * scale);
            mesh[lower] = new Point2D(150 * scale, 145 * scale);
        }

        Assert.Equal(0.25, MouthOpening.Of(mesh), 1e-9);
    }
}

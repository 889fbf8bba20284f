using LatentSync.Faces;
using LatentSync.Imaging;

namespace LatentSync.Tests.Faces;

public class LandmarkMeanTests
{
    private static readonly Point2D[] Points = [new(1, 10), new(100, 100), new(2, 13), new(4.5, 14)];

    [Fact]
    public void Of_TakesTheNamedPointsOnly()
    {
        var mean = LandmarkMean.Of(Points, [0, 2, 3], round: false);
        Assert.Equal(2.5, mean.X, 1e-12);
        Assert.Equal(37.0 / 3, mean.Y, 1e-12);
    }

    /// <summary>Halves go to the even number, as NumPy rounds.</summary>
    [Fact]
    public void Of_RoundsWhereAsked()
    {
        Assert.Equal(new Point2D(2, 12), LandmarkMean.Of(Points, [0, 2, 3], round: true));
        Assert.Equal(new Point2D(2, -4), LandmarkMean.Round(new Point2D(1.5, -3.5)));
    }
}

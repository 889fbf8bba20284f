using LatentSync.Faces.Tracking;
using LatentSync.Imaging;
using LatentSync.Tests.Imaging;

namespace LatentSync.Tests.Faces.Tracking;

public class AlignmentPathTests
{
    private static readonly Point2D Anchor = new(105, 140);

    [Fact]
    public void BothEnds_AreTheGivenAlignments()
    {
        var (from, to) = (AffineWarpTests.Similarity(0.6, 3.0, 20, -4), AffineWarpTests.Similarity(1.1, -3.1, -7, 90));
        foreach (var (share, expected) in new[] { (0.0, from), (1.0, to) })
        {
            var actual = AlignmentPath.At(from, to, share, Anchor);
            foreach (var point in new[] { default, new Point2D(300, 10), new Point2D(5, 400) })
            {
                Assert.InRange(actual.Apply(point).DistanceTo(expected.Apply(point)), 0, 1e-9);
            }
        }
    }

    [Fact]
    public void TheFace_MovesStraight_TurnsTheShortWay_AndGrowsEvenly()
    {
        var (from, to) = (AffineWarpTests.Similarity(0.5, 3.0, 20, -4), AffineWarpTests.Similarity(2, -3.0, -7, 90));
        var middle = AlignmentPath.At(from, to, 0.5, Anchor);
        var (start, end, place) = (from.Invert().Apply(Anchor), to.Invert().Apply(Anchor), middle.Invert().Apply(Anchor));
        Assert.Equal((start.X + end.X) / 2, place.X, 1e-9);
        Assert.Equal((start.Y + end.Y) / 2, place.Y, 1e-9);
        Assert.Equal(-1, middle.M11, 1e-9);
        Assert.Equal(0, middle.M21, 1e-9);
    }
}

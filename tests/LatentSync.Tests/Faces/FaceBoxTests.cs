using LatentSync.Faces;
using LatentSync.Imaging;

namespace LatentSync.Tests.Faces;

public class FaceBoxTests
{
    [Fact]
    public void Overlap_OfShiftedBoxes_IsIntersectionOverUnion() => Assert.Equal(1.0 / 7, new FaceBox(0, 0, 2, 2).Overlap(new FaceBox(1, 1, 3, 3)), 1e-12);

    [Fact]
    public void Overlap_OfBoxesApart_IsZero()
    {
        Assert.Equal(0, new FaceBox(0, 0, 2, 2).Overlap(new FaceBox(2, 0, 4, 2)));
        Assert.Equal(0, new FaceBox(0, 0, 0, 0).Overlap(new FaceBox(0, 0, 0, 0)));
    }

    [Fact]
    public void Around_HoldsAllPoints() => Assert.Equal(new FaceBox(-3, 2, 9, 8), FaceBox.Around([new Point2D(4, 8), new Point2D(-3, 5), new Point2D(9, 2)]));

    [Theory]
    [InlineData(50, 80, true)]
    [InlineData(49.9, 80, false)]
    [InlineData(50, 79.9, false)]
    [InlineData(300, 200, true)]
    [InlineData(301, 200, false)]
    [InlineData(60, 300, true)]
    [InlineData(59, 300, false)]
    [InlineData(double.NaN, 300, false)]
    public void SizeFilter_TakesBoxesOfUsualSizeAndShape(double width, double height, bool accepted) =>
        Assert.Equal(accepted, FaceSizeFilter.Accepts(new FaceBox(0, 0, width, height)));
}

using LatentSync.Imaging;

namespace LatentSync.Tests.Imaging;

public class PixelRectangleTests
{
    private static readonly PixelRectangle Square = new(0, 0, 10, 10);

    [Fact]
    public void Transform_AddsTheMarginAndClips() =>
        Assert.Equal(new PixelRectangle(0, 3, 11, 16), Square.Transform(AffineTransform.Identity.Translate(0, 4.5), 1, 13, 16));

    [Theory]
    [InlineData(-100, 0)]
    [InlineData(0, 1e12)]
    public void Transform_OutOfTheImage_IsEmpty(double x, double y) =>
        Assert.True(Square.Transform(AffineTransform.Identity.Translate(x, y), 1, 50, 50).IsEmpty);
}

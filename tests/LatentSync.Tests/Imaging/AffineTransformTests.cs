using LatentSync.Imaging;

namespace LatentSync.Tests.Imaging;

public class AffineTransformTests
{
    [Fact]
    public void Invert_TakesPointsBack()
    {
        var transform = new AffineTransform(1.5, -0.2, 30, 0.3, 1.4, -12);
        var back = transform.Invert().Apply(transform.Apply(new Point2D(17, 20)));
        Assert.Equal(17, back.X, 1e-9);
        Assert.Equal(20, back.Y, 1e-9);
    }

    [Fact]
    public void Invert_WhenSingular_Throws() =>
        Assert.Throws<InvalidOperationException>(() => new AffineTransform(1, 2, 0, 2, 4, 0).Invert());
}

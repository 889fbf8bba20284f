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
    public void Invert_WhenSingular_Throws() => Assert.Throws<InvalidOperationException>(() => new AffineTransform(1, 2, 0, 2, 4, 0).Invert());

    [Fact]
    public void Then_AppliesTheSecondToTheResultOfTheFirst()
    {
        var (first, second) = (new AffineTransform(1.5, -0.2, 30, 0.3, 1.4, -12), new AffineTransform(0, 2, 5, -3, 1, 7));
        var point = new Point2D(3, -8);
        var (expected, actual) = (second.Apply(first.Apply(point)), first.Then(second).Apply(point));
        Assert.Equal(expected.X, actual.X, 1e-9);
        Assert.Equal(expected.Y, actual.Y, 1e-9);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Invert_WhenNotFinite_Throws(double value) => Assert.Throws<InvalidOperationException>(() => new AffineTransform(1, 0, value, 0, 1, 0).Invert());
}

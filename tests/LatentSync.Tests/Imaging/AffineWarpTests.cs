using LatentSync.Imaging;

namespace LatentSync.Tests.Imaging;

public class AffineWarpTests
{
    private const byte Fill = 127;

    public static TheoryData<double, double, double, double> Transforms =>
        new()
        {
            { 1, 0, 0, 0 },
            { 2.5, 0.3, -20, -31 },
            { 0.4, -1.2, 5, 9 },
            { 1, Math.PI / 2, 50, 0 },
            { 1, Math.PI, 49, 39 },
            { 3, 0.01, -400, 3 },
            { 1e-4, 0, 0, 0 },
            { 1e5, 0.5, 0, 0 },
        };

    [Theory]
    [MemberData(nameof(Transforms))]
    public void Warp_MatchesTheObviousTwin(double scale, double angle, double shiftX, double shiftY)
    {
        var transform = Similarity(scale, angle, shiftX, shiftY);
        foreach (var (width, height) in new[] { (50, 40), (2, 2), (1, 1), (3, 1) })
        {
            var source = TestImage.Noise(width, height, seed: 7);
            var actual = new RgbImage(61, 47);
            AffineWarp.Warp(source, transform, actual, Fill);
            var inverse = transform.Invert();
            for (var i = 0; i < actual.Pixels.Length; i++)
            {
                var expected = Twin(source, inverse.Apply(new Point2D(i / 3 % 61, i / 3 / 61)), i % 3);
                Assert.InRange(actual.Pixels[i], expected - 1.001, expected + 0.001);
            }
        }
    }

    [Fact]
    public void Warp_ByNothing_CopiesEveryBit()
    {
        var source = TestImage.Noise(33, 21, seed: 8);
        var actual = new RgbImage(33, 21);
        AffineWarp.Warp(source, AffineTransform.Identity, actual, Fill);
        Assert.Equal(source.Pixels, actual.Pixels);
    }

    [Theory]
    [InlineData(1e7, 0)]
    [InlineData(-1e300, 0)]
    [InlineData(0, 1e18)]
    public void Warp_OfAnImageFarAway_GivesTheFill(double shiftX, double shiftY)
    {
        var actual = new RgbImage(20, 10);
        AffineWarp.Warp(TestImage.Noise(16, 16, seed: 9), AffineTransform.Identity.Translate(shiftX, shiftY), actual, Fill);
        Assert.All(actual.Pixels, value => Assert.Equal(Fill, value));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Warp_WhenTheTransformHasNoInverse_Throws(double scale) =>
        Assert.Throws<InvalidOperationException>(() =>
            AffineWarp.Warp(new RgbImage(4, 4), new AffineTransform(scale, 0, 0, 0, 1, 0), new RgbImage(4, 4), Fill)
        );

    internal static AffineTransform Similarity(double scale, double angle, double shiftX, double shiftY)
    {
        var (sine, cosine) = Math.SinCos(angle);
        return new AffineTransform(scale * cosine, -scale * sine, shiftX, scale * sine, scale * cosine, shiftY);
    }

    private static double Twin(RgbImage source, Point2D point, int channel)
    {
        double Pixel(double x, double y) =>
            x >= 0 && y >= 0 && x < source.Width && y < source.Height ? source.Pixels[((((int)y * source.Width) + (int)x) * 3) + channel] : Fill;

        var (left, top) = (Math.Floor(point.X), Math.Floor(point.Y));
        var (fx, fy) = (point.X - left, point.Y - top);
        return ((1 - fy) * (((1 - fx) * Pixel(left, top)) + (fx * Pixel(left + 1, top))))
            + (fy * (((1 - fx) * Pixel(left, top + 1)) + (fx * Pixel(left + 1, top + 1))));
    }
}

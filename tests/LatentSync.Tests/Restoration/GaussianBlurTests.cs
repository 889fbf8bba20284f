using LatentSync.Restoration;
using LatentSync.Tests.Imaging;

namespace LatentSync.Tests.Restoration;

public class GaussianBlurTests
{
    private const int Width = 37;
    private const int Height = 23;

    [Theory]
    [InlineData(1, true, false, true, false)]
    [InlineData(4, false, true, false, true)]
    [InlineData(9, true, true, true, true)]
    public void Apply_MatchesTheObviousTwin(int radius, bool left, bool top, bool right, bool bottom)
    {
        var borders = new FrameBorders(left, top, right, bottom);
        var values = TestImage.Values(Width * Height, seed: 4);
        var actual = values.ToArray();
        new GaussianBlur().Apply(actual, Width, Height, radius, borders);
        for (var i = 0; i < actual.Length; i++)
        {
            Assert.Equal(Twin(values, i % Width, i / Width, radius, borders), actual[i], 1e-5);
        }
    }

    [Fact]
    public void Apply_WithAKernelWiderThanThePlane_KeepsAConstant()
    {
        var values = Enumerable.Repeat(0.75f, Width * Height).ToArray();
        new GaussianBlur().Apply(values, Width, Height, 60, new FrameBorders(true, true, true, true));
        Assert.All(values, value => Assert.Equal(0.75, value, 1e-5));
    }

    private static double Twin(float[] values, int x, int y, int radius, FrameBorders borders)
    {
        var sigma = (0.3 * ((((2 * radius) + 1 - 1) * 0.5) - 1)) + 0.8;
        double sum = 0,
            total = 0;
        for (var v = -radius; v <= radius; v++)
        {
            for (var u = -radius; u <= radius; u++)
            {
                var weight = Math.Exp(-((u * u) + (v * v)) / (2 * sigma * sigma));
                var (column, row) = (Mirror(x + u, Width, borders.Left, borders.Right), Mirror(y + v, Height, borders.Top, borders.Bottom));
                sum += column < 0 || row < 0 ? 0 : weight * values[(row * Width) + column];
                total += weight;
            }
        }

        return sum / total;
    }

    private static int Mirror(int position, int length, bool before, bool after) =>
        position < 0 ? (before ? -position : -1)
        : position < length ? position
        : after ? (2 * (length - 1)) - position
        : -1;
}

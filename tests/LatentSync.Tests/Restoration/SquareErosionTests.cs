using LatentSync.Restoration;
using LatentSync.Tests.Imaging;

namespace LatentSync.Tests.Restoration;

public class SquareErosionTests
{
    [Theory]
    [InlineData(1, true, false, true, false)]
    [InlineData(3, false, true, false, true)]
    [InlineData(7, true, true, true, true)]
    [InlineData(40, false, false, true, true)]
    public void Apply_EqualsTheObviousTwin(int radius, bool left, bool top, bool right, bool bottom)
    {
        const int Width = 37;
        const int Height = 23;
        var borders = new FrameBorders(left, top, right, bottom);
        var values = TestImage.Values(Width * Height, seed: 2).Select(Math.Abs).ToArray();
        var actual = values.ToArray();
        new SquareErosion().Apply(actual, Width, Height, radius, borders);
        for (var i = 0; i < actual.Length; i++)
        {
            Assert.Equal(Twin(values, Width, Height, i % Width, i / Width, radius, borders), actual[i]);
        }
    }

    private static float Twin(float[] values, int width, int height, int x, int y, int radius, FrameBorders borders)
    {
        var least = float.PositiveInfinity;
        for (var v = y - radius; v < y + radius; v++)
        {
            for (var u = x - radius; u < x + radius; u++)
            {
                var outside = (u < 0 && borders.Left) || (u >= width && borders.Right) || (v < 0 && borders.Top) || (v >= height && borders.Bottom);
                var inside = u >= 0 && u < width && v >= 0 && v < height;
                least = Math.Min(
                    least,
                    inside ? values[(v * width) + u]
                        : outside ? float.PositiveInfinity
                        : 0
                );
            }
        }

        return least;
    }
}

using LatentSync.Imaging;

namespace LatentSync.Tests.Imaging;

public class BicubicResizerTests
{
    [Theory]
    [InlineData(128, 128, 105, 140)]
    [InlineData(50, 40, 7, 9)]
    [InlineData(5, 3, 20, 31)]
    [InlineData(1, 1, 4, 4)]
    public void Resize_MatchesTheObviousTwin(int sourceWidth, int sourceHeight, int width, int height)
    {
        var source = TestImage.Values(sourceWidth * sourceHeight, seed: 3);
        var actual = new float[width * height];
        var resizer = new BicubicResizer(sourceWidth, sourceHeight, width, height);
        resizer.Resize(source, actual);
        for (var i = 0; i < actual.Length; i++)
        {
            Assert.Equal(
                Twin(source, sourceWidth, sourceHeight, (i % width, i / width), ((double)sourceWidth / width, (double)sourceHeight / height)),
                actual[i],
                1e-5
            );
        }
    }

    [Fact]
    public void Resize_WhenAPlaneHasAnotherSize_Throws() =>
        Assert.Throws<ArgumentException>(() => new BicubicResizer(4, 4, 8, 8).Resize(new float[16], new float[63]));

    private static double Twin(float[] source, int width, int height, (int X, int Y) output, (double X, double Y) scale)
    {
        double sum = 0,
            total = 0;
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var weight = Weight(x, output.X, scale.X) * Weight(y, output.Y, scale.Y);
                sum += weight * source[(y * width) + x];
                total += weight;
            }
        }

        return sum / total;
    }

    private static double Weight(int input, int output, double scale) => CubicKernel.Evaluate((input + 0.5 - ((output + 0.5) * scale)) / Math.Max(scale, 1));
}

using LatentSync.Imaging;

namespace LatentSync.Tests.Imaging;

public class AreaResizerTests
{
    [Theory]
    [InlineData(100, 61, 13, 9)]
    [InlineData(30, 20, 10, 10)]
    [InlineData(7, 5, 16, 11)]
    [InlineData(1, 1, 3, 2)]
    public void Resize_MatchesTheObviousTwin(int sourceWidth, int sourceHeight, int width, int height)
    {
        var source = TestImage.Noise(sourceWidth, sourceHeight, seed: 5);
        var actual = new RgbImage(width, height);
        new AreaResizer(sourceWidth, sourceHeight, width, height).Resize(source, actual);
        for (var i = 0; i < actual.Pixels.Length; i++)
        {
            Assert.InRange(actual.Pixels[i] - Twin(source, i / 3 % width, i / 3 / width, i % 3, (double)sourceWidth / width, (double)sourceHeight / height), -0.51, 0.51);
        }
    }

    [Fact]
    public void Resize_WhenAnImageHasAnotherSize_Throws() =>
        Assert.Throws<ArgumentException>(() => new AreaResizer(4, 4, 2, 2).Resize(new RgbImage(4, 4), new RgbImage(2, 3)));

    private static double Twin(RgbImage source, int x, int y, int channel, double scaleX, double scaleY)
    {
        double sum = 0, total = 0;
        for (var v = 0; v < source.Height; v++)
        {
            for (var u = 0; u < source.Width; u++)
            {
                var weight = Overlap(u, x, scaleX) * Overlap(v, y, scaleY);
                sum += weight * source.Pixels[(((v * source.Width) + u) * 3) + channel];
                total += weight;
            }
        }

        return sum / total;
    }

    private static double Overlap(int input, int output, double scale)
    {
        var (centre, half) = ((output + 0.5) * scale, Math.Max(scale, 1) / 2);
        return Math.Max(0, Math.Min(input + 1, centre + half) - Math.Max(input, centre - half));
    }
}

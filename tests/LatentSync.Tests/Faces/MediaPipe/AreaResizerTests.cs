using LatentSync.Faces.MediaPipe;
using LatentSync.Imaging;
using LatentSync.TestKit;

namespace LatentSync.Tests.Faces.MediaPipe;

public class AreaResizerTests
{
    private const int Size = 64;

    [Theory]
    [InlineData(270, 480)]
    [InlineData(481, 271)]
    [InlineData(64, 64)]
    [InlineData(37, 53)]
    [InlineData(8, 8)]
    [InlineData(1, 1)]
    [InlineData(3000, 1)]
    [InlineData(1, 20000)]
    [InlineData(5, 40)]
    public void Resize_EqualsTheSlowMean(int width, int height)
    {
        var frame = TestFrames.Noise(width, height, seed: 5);
        var box = Letterbox.Fit(width, height, Size);
        var expected = SlowResize(frame, box);
        var (planar, interleaved) = (new float[3 * Size * Size], new float[3 * Size * Size]);
        var resizer = new AreaResizer();
        resizer.Resize(frame, box, Size, planar, planar: true);
        resizer.Resize(frame, box, Size, interleaved, planar: false);
        for (var i = 0; i < expected.Length; i++)
        {
            var (channel, pixel) = (i / (Size * Size), i % (Size * Size));
            Assert.Equal(expected[i], planar[i], 2e-6);
            Assert.Equal(planar[i], interleaved[(pixel * 3) + channel]);
        }
    }

    [Fact]
    public void Fit_KeepsTheShapeAndCenters()
    {
        var box = Letterbox.Fit(1080, 1920, 256);
        Assert.Equal(new Letterbox(56, 0, 144, 256, 7.5, 7.5), box);
        Assert.Equal(1080, box.ToFrameX(200));
        Assert.Equal(960, box.ToFrameY(128));
    }

    [Fact]
    public void Fit_OfAVeryWideFrame_KeepsOneRow() => Assert.Equal(1, Letterbox.Fit(10000, 2, 256).Height);

    private static double[] SlowResize(RgbImage frame, Letterbox box)
    {
        var result = new double[3 * Size * Size];
        Array.Fill(result, -1);
        for (var channel = 0; channel < 3; channel++)
        {
            for (var y = 0; y < box.Height; y++)
            {
                for (var x = 0; x < box.Width; x++)
                {
                    result[(channel * Size * Size) + ((y + box.Y) * Size) + x + box.X] =
                        (Mean(frame, x * box.ScaleX, y * box.ScaleY, box, channel) / 127.5) - 1;
                }
            }
        }

        return result;
    }

    private static double Mean(RgbImage frame, double left, double top, Letterbox box, int channel)
    {
        double sum = 0,
            area = 0;
        for (var y = (int)top; y < frame.Height && y < top + box.ScaleY; y++)
        {
            for (var x = (int)left; x < frame.Width && x < left + box.ScaleX; x++)
            {
                var part = (Math.Min(x + 1, left + box.ScaleX) - Math.Max(x, left)) * (Math.Min(y + 1, top + box.ScaleY) - Math.Max(y, top));
                sum += part * frame.Row(y)[(x * 3) + channel];
                area += part;
            }
        }

        return sum / area;
    }
}

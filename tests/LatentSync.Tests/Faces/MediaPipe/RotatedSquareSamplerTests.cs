using LatentSync.Faces.MediaPipe;
using LatentSync.Imaging;
using LatentSync.TestKit;

namespace LatentSync.Tests.Faces.MediaPipe;

public class RotatedSquareSamplerTests
{
    private const int Size = 24;

    [Theory]
    [InlineData(100, 70, 30, 0.0, 1)]
    [InlineData(100, 70, 40, 0.5, 2)]
    [InlineData(100, 70, 60, -2.0, 2)]
    [InlineData(100, 70, 80, 0.3, 3)]
    [InlineData(100, 70, 240, 0.1, 4)]
    [InlineData(0, 0, 60, 0.4, 2)]
    [InlineData(199, 139, 20, 3.1, 1)]
    [InlineData(199.5, 139.5, 30, 0.0, 1)]
    [InlineData(-500, 4000, 60, 0.0, 2)]
    public void Sample_EqualsTheSlowTwin(double x, double y, double side, double angle, int samples)
    {
        var frame = TestFrames.Noise(200, 140, seed: 2);
        var square = new RotatedSquare(new Point2D(x, y), side, angle);
        var actual = new float[3 * Size * Size];
        RotatedSquareSampler.Sample(frame, square, Size, actual);
        var expected = SlowSample(frame, square, samples);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-5);
        }
    }

    [Fact]
    public void Sample_OfATinyFrame_IsBlackAroundIt()
    {
        var target = new float[3 * Size * Size];
        RotatedSquareSampler.Sample(TestFrames.Flat(1, 1, 255), new RotatedSquare(new Point2D(0.5, 0.5), Size, 0), Size, target);
        Assert.Equal(0, target[0]);
        Assert.Equal(3, target.Sum(), 1e-3);
    }

    private static double[] SlowSample(RgbImage frame, RotatedSquare square, int samples)
    {
        var result = new double[3 * Size * Size];
        for (var i = 0; i < Size * samples; i++)
        {
            for (var j = 0; j < Size * samples; j++)
            {
                var (u, v) = ((((j + 0.5) / samples) - (Size / 2.0)) * square.Side / Size, (((i + 0.5) / samples) - (Size / 2.0)) * square.Side / Size);
                var px = square.Center.X + (Math.Cos(square.Angle) * u) - (Math.Sin(square.Angle) * v) - 0.5;
                var py = square.Center.Y + (Math.Sin(square.Angle) * u) + (Math.Cos(square.Angle) * v) - 0.5;
                for (var channel = 0; channel < 3; channel++)
                {
                    result[(channel * Size * Size) + (i / samples * Size) + (j / samples)] += Bilinear(frame, px, py, channel) / (255.0 * samples * samples);
                }
            }
        }

        return result;
    }

    private static double Bilinear(RgbImage frame, double x, double y, int channel)
    {
        double sum = 0;
        foreach (var (row, column) in new[] { (0, 0), (0, 1), (1, 0), (1, 1) })
        {
            var (px, py) = ((int)Math.Floor(x) + column, (int)Math.Floor(y) + row);
            if (px >= 0 && px < frame.Width && py >= 0 && py < frame.Height)
            {
                sum += (1 - Math.Abs(x - px)) * (1 - Math.Abs(y - py)) * frame.Row(py)[(px * 3) + channel];
            }
        }

        return sum;
    }
}

using LatentSync.Imaging;
using LatentSync.Restoration;
using LatentSync.Tensors;
using LatentSync.Tests.Imaging;

namespace LatentSync.Tests.Restoration;

public class ReferenceRestorerTests
{
    private const int Resolution = 64;
    private const int Width = 90;
    private const int Height = 80;

    [Theory]
    [InlineData(0.9, 0.1, -10, -5)]
    [InlineData(0.8, -0.4, 20, -20)]
    [InlineData(0.7, 0, -25, -30)]
    [InlineData(0.5, 0, 6, 6)]
    [InlineData(3, 0.2, -100, -60)]
    public void Restore_EqualsTheWholeFrameTwin(double scale, double angle, double shiftX, double shiftY)
    {
        var alignment = AffineWarpTests.Similarity(scale, angle, shiftX, shiftY);
        var face = new Tensor(TestImage.Values(3 * Resolution * Resolution, seed: 6), 3, Resolution, Resolution);
        var frame = TestImage.Noise(Width, Height, seed: 7);
        var expected = Twin(frame, alignment, face);
        var actual = TestImage.Copy(frame);
        new ReferenceRestorer(Resolution).Restore(actual, alignment, face.Data, weight: 1);
        Assert.NotEqual(frame.Pixels, actual.Pixels);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.InRange(actual.Pixels[i], expected[i] - 1.001, expected[i] + 0.001);
        }
    }

    /// <summary>Every step over the whole frame, as the reference does it.</summary>
    private static double[] Twin(RgbImage frame, AffineTransform alignment, Tensor face)
    {
        var size = CropSize.ForResolution(Resolution);
        var area = size.Width * size.Height;
        var crop = new float[3 * area];
        for (var channel = 0; channel < 3; channel++)
        {
            new BicubicResizer(Resolution, Resolution, size.Width, size.Height).Resize(face.Row(channel), crop.AsSpan(channel * area, area));
        }

        var ones = Enumerable.Repeat(1f, area).ToArray();
        var (mask, pasted) = (new double[Width * Height], new double[Width * Height * 3]);
        Span<float> sample = stackalloc float[3];
        for (var i = 0; i < mask.Length; i++)
        {
            var point = alignment.Apply(new Point2D(i % Width, i / Width));
            PlaneSampler.Sample(ones, size.Width, size.Height, point, fill: 0, sample[..1]);
            mask[i] = sample[0];
            PlaneSampler.Sample(crop, size.Width, size.Height, point, fill: 127, sample);
            for (var channel = 0; channel < 3; channel++)
            {
                pasted[(3 * i) + channel] = Math.Clamp((sample[channel] / 2) + 0.5, 0, 1) * 255;
            }
        }

        var eroded = Erode(mask, 1);
        var edge = (int)Math.Sqrt(eroded.Sum()) / 20;
        var soft = edge == 0 ? eroded : Blur(Erode(eroded, edge), edge);
        return [.. pasted.Select((value, i) => (soft[i / 3] * eroded[i / 3] * value) + ((1 - soft[i / 3]) * frame.Pixels[i]))];
    }

    private static double[] Erode(double[] mask, int radius) =>
        [
            .. mask.Select(
                (_, i) =>
                    (
                        from y in Enumerable.Range((i / Width) - radius, 2 * radius)
                        from x in Enumerable.Range((i % Width) - radius, 2 * radius)
                        where x >= 0 && x < Width && y >= 0 && y < Height
                        select mask[(y * Width) + x]
                    ).Min()
            ),
        ];

    private static double[] Blur(double[] mask, int radius)
    {
        static int Mirror(int position, int length) =>
            position < 0 ? -position
            : position < length ? position
            : (2 * (length - 1)) - position;

        var sigma = (0.3 * (radius - 1)) + 0.8;
        var kernel = Enumerable.Range(-radius, (2 * radius) + 1).Select(x => Math.Exp(-x * x / (2 * sigma * sigma))).ToArray();
        var norm = kernel.Sum() * kernel.Sum();
        return
        [
            .. mask.Select(
                (_, i) =>
                    (
                        from y in Enumerable.Range(-radius, kernel.Length)
                        from x in Enumerable.Range(-radius, kernel.Length)
                        select kernel[x + radius] * kernel[y + radius] / norm * mask[(Mirror((i / Width) + y, Height) * Width) + Mirror((i % Width) + x, Width)]
                    ).Sum()
            ),
        ];
    }
}

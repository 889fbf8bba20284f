using LatentSync.Imaging;
using LatentSync.Latents;
using LatentSync.Restoration;

namespace LatentSync.Tests.Restoration;

public class PaintedMaskTests
{
    private const int Resolution = 64;
    private const int Width = 90;
    private const int Height = 70;

    /// <summary>White faces on a black frame: a pixel is as bright as it is painted.</summary>
    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 0.5)]
    [InlineData(true, 1)]
    public void EachWeight_IsWhatThePixelGot(bool isReference, float weight)
    {
        var (frame, mask) = (new RgbImage(Width, Height), new PaintedMask(Width, Height));
        var restorer = Restorer(isReference);
        for (var pass = 0; pass < 2; pass++)
        {
            frame.Pixels.AsSpan().Clear();
            mask.Clear();
            restorer.Restore(frame, Alignment(pass), White(), weight, mask);
            var weights = Whole(mask);
            Assert.Contains(weights, value => value > 0.9 * weight * byte.MaxValue);
            for (var i = 0; i < weights.Length; i++)
            {
                Assert.InRange(Math.Abs(weights[i] - frame.Pixels[i * RgbImage.Channels]), 0, isReference ? 130 : 1);
                Assert.True(weights[i] > 0 || frame.Pixels[i * RgbImage.Channels] == 0, "A pixel was painted that the mask leaves out.");
            }
        }
    }

    [Fact]
    public void SeveralFaces_AreInOneRectangle_AndTheMostCounts()
    {
        var mask = new PaintedMask(Width, Height);
        mask.Add(new PixelRectangle(10, 20, 30, 40));
        mask.Paint(12, 21, 0.5f);
        mask.Paint(12, 21, 0.25f);
        mask.Add(new PixelRectangle(50, 5, 60, 10));
        mask.Paint(59, 9, 2);
        Assert.Equal(new PixelRectangle(10, 5, 60, 40), mask.Bounds);
        var weights = Whole(mask);
        Assert.Equal((128, 255, 383), (weights[(21 * Width) + 12], weights[(9 * Width) + 59], weights.Sum(value => value)));
        mask.Clear();
        Assert.True(mask.Bounds.IsEmpty);
        Assert.Equal(0, mask.Region().Length);
        mask.Add(new PixelRectangle(0, 0, Width, Height));
        Assert.All(Whole(mask), value => Assert.Equal(0, value));
    }

    /// <summary>More threads than rows too; a fifth of a pixel away so that every weight counts.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(Height + 1)]
    public void SeveralThreads_PasteTheSame(int threads)
    {
        var (pixels, face, alignment) = (new RepaintMask(Resolution).Pixels, White(), new AffineTransform(0.9, 0.1, -15.2, -0.1, 0.9, -2.2));
        for (var i = 0; i < face.Length; i++)
        {
            face[i] = (float)Math.Sin(i * 0.37);
        }

        var (expected, expectedMask) = (new RgbImage(Width, Height), new PaintedMask(Width, Height));
        var (actual, actualMask) = (new RgbImage(Width, Height), new PaintedMask(Width, Height));
        new MouthRestorer(pixels, Resolution).Restore(expected, alignment, face, weight: 0.8f, expectedMask);
        new MouthRestorer(pixels, Resolution, threads).Restore(actual, alignment, face, weight: 0.8f, actualMask);
        Assert.Contains(expected.Pixels, value => value > 0);
        Assert.Equal(expected.Pixels, actual.Pixels);
        Assert.Equal(Whole(expectedMask), Whole(actualMask));
    }

    private static IFaceRestorer Restorer(bool isReference) =>
        isReference ? new ReferenceRestorer(Resolution) : new MouthRestorer(new RepaintMask(Resolution).Pixels, Resolution);

    private static AffineTransform Alignment(int shift) => new(1, 0, -15 + shift, 0, 1, -2);

    private static float[] White()
    {
        var face = new float[RgbImage.Channels * Resolution * Resolution];
        face.AsSpan().Fill(1);
        return face;
    }

    private static byte[] Whole(PaintedMask mask)
    {
        var (bounds, region, whole) = (mask.Bounds, mask.Region().ToArray(), new byte[Width * Height]);
        for (var row = 0; row < bounds.Height; row++)
        {
            region.AsSpan(row * bounds.Width, bounds.Width).CopyTo(whole.AsSpan(((bounds.Top + row) * Width) + bounds.Left));
        }

        return whole;
    }
}

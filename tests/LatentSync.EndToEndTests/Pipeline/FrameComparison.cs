using LatentSync.Imaging;

namespace LatentSync.EndToEndTests.Pipeline;

/// <summary>How alike two rgb24 frames are, inside or outside a rectangle.</summary>
internal static class FrameComparison
{
    // Two equal areas.
    private const double Identical = 100;

    /// <summary>Peak signal to noise in dB over the pixels outside the rectangle; 100 if they are equal.</summary>
    public static double PsnrOutside(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int width, PixelRectangle area) => Psnr(a, b, width, area, inside: false);

    /// <summary>The same over the pixels inside the rectangle.</summary>
    public static double PsnrInside(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int width, PixelRectangle area) => Psnr(a, b, width, area, inside: true);

    private static double Psnr(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int width, PixelRectangle area, bool inside)
    {
        Assert.Equal(a.Length, b.Length);
        var (sum, count) = (0L, 0L);
        for (var i = 0; i < a.Length; i++)
        {
            var (x, y) = (i / RgbImage.Channels % width, i / RgbImage.Channels / width);
            if ((x >= area.Left && x < area.Right && y >= area.Top && y < area.Bottom) == inside)
            {
                sum += (a[i] - b[i]) * (a[i] - b[i]);
                count++;
            }
        }

        Assert.True(count > 0, $"No pixel lies {(inside ? "inside" : "outside")} {area}.");
        return sum == 0 ? Identical : 10 * Math.Log10((double)byte.MaxValue * byte.MaxValue * count / sum);
    }
}

using LatentSync.Imaging;

namespace LatentSync.EndToEndTests.Pipeline;

/// <summary>How alike two rgb24 frames are, inside or outside a rectangle.</summary>
internal static class FrameComparison
{
    // The answer for two equal areas, whose ratio has no end.
    private const double Identical = 100;

    /// <summary>Peak signal to noise in dB over the pixels outside the rectangle; 100 if they are equal.</summary>
    public static double PsnrOutside(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int width, PixelRectangle area) => Psnr(a, b, width, area, inside: false);

    /// <summary>The same over the pixels inside the rectangle.</summary>
    public static double PsnrInside(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int width, PixelRectangle area) => Psnr(a, b, width, area, inside: true);

    private static double Psnr(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int width, PixelRectangle area, bool inside)
    {
        Assert.Equal(a.Length, b.Length);
        var (sum, count) = (0L, 0L);
        var stride = width * RgbImage.Channels;
        for (var start = 0; start < a.Length; start += stride)
        {
            var (x, y) = (start, start / stride);
            var (left, right) = y >= area.Top && y < area.Bottom ? (x + (area.Left * RgbImage.Channels), x + (area.Right * RgbImage.Channels)) : (x, x);
            if (inside)
            {
                Add(a[left..right], b[left..right]);
            }
            else
            {
                Add(a[x..left], b[x..left]);
                Add(a[right..(x + stride)], b[right..(x + stride)]);
            }
        }

        Assert.True(count > 0, $"No pixel lies {(inside ? "inside" : "outside")} {area}.");
        return sum == 0 ? Identical : 10 * Math.Log10((double)byte.MaxValue * byte.MaxValue * count / sum);

        void Add(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
        {
            for (var i = 0; i < first.Length; i++)
            {
                var difference = first[i] - second[i];
                sum += difference * difference;
            }

            count += first.Length;
        }
    }
}

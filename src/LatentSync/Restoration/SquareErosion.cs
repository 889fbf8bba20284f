using System.Numerics;
using System.Runtime.InteropServices;
using LatentSync.Imaging;

namespace LatentSync.Restoration;

/// <summary>
/// Erosion of a plane by a square of an even side, anchored like OpenCV's: the window of pixel x is x - side / 2 up to
/// x + side / 2 - 1. Pixels outside the frame do not count; pixels of the frame outside the region are 0.
/// </summary>
internal sealed class SquareErosion
{
    private readonly ScratchBuffer<float> _padded = new();

    /// <summary>Erodes the plane of <paramref name="width"/> x <paramref name="height"/> in place by a square of side 2 * <paramref name="radius"/>.</summary>
    public void Apply(Span<float> plane, int width, int height, int radius, FrameBorders borders)
    {
        var (stride, rows, side) = (width + (2 * radius), height + (2 * radius), 2 * radius);
        var padded = _padded.Take(checked(stride * rows));
        padded[..(radius * stride)].Fill(Beyond(borders.Top));
        padded[^(radius * stride)..].Fill(Beyond(borders.Bottom));
        for (var y = 0; y < height; y++)
        {
            var row = padded.Slice((y + radius) * stride, stride);
            row[..radius].Fill(Beyond(borders.Left));
            plane.Slice(y * width, width).CopyTo(row[radius..]);
            row[^radius..].Fill(Beyond(borders.Right));
        }

        Spread(padded, side, step: 1);
        Spread(padded, side, step: stride);
        for (var y = 0; y < height; y++)
        {
            padded.Slice(y * stride, width).CopyTo(plane.Slice(y * width, width));
        }
    }

    private static float Beyond(bool frameBorder) => frameBorder ? float.PositiveInfinity : 0;

    /// <summary>
    /// Gives each value the minimum of <paramref name="count"/> values, <paramref name="step"/> apart, that start with it.
    /// Doubling the span with each pass takes log2(count) passes instead of count.
    /// </summary>
    private static void Spread(Span<float> values, int count, int step)
    {
        var covered = 1;
        for (; covered * 2 <= count; covered *= 2)
        {
            MinimumWithAhead(values, covered * step);
        }

        if (covered < count)
        {
            MinimumWithAhead(values, (count - covered) * step);
        }
    }

    /// <summary>values[i] = min(values[i], values[i + shift]); front to back, so that what lies ahead is still the old value.</summary>
    private static void MinimumWithAhead(Span<float> values, int shift)
    {
        ref var first = ref MemoryMarshal.GetReference(values);
        var (i, end) = (0, values.Length - shift);
        for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Min(Vector.LoadUnsafe(ref first, (nuint)i), Vector.LoadUnsafe(ref first, (nuint)(i + shift))).StoreUnsafe(ref first, (nuint)i);
        }

        for (; i < end; i++)
        {
            values[i] = Math.Min(values[i], values[i + shift]);
        }
    }
}

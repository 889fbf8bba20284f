namespace LatentSync.Imaging;

/// <summary>Bilinear sampling of float planes. Pixel centres lie at integers; all pixels outside have the fill value.</summary>
internal static class PlaneSampler
{
    /// <summary>
    /// Samples planes at a point of their own pixel grid: <paramref name="values"/> receives one value per plane of
    /// <paramref name="width"/> x <paramref name="height"/>.
    /// </summary>
    public static void Sample(ReadOnlySpan<float> planes, int width, int height, Point2D point, float fill, Span<float> values)
    {
        var (floorX, floorY) = (Math.Floor(point.X), Math.Floor(point.Y));
        var (left, top) = ((int)floorX, (int)floorY);
        var (across, down) = ((float)(point.X - floorX), (float)(point.Y - floorY));
        var size = width * height;
        if ((uint)left < (uint)(width - 1) && (uint)top < (uint)(height - 1))
        {
            var corner = (top * width) + left;
            for (var plane = 0; plane < values.Length; plane++, corner += size)
            {
                var upper = planes.Slice(corner, 2);
                var lower = planes.Slice(corner + width, 2);
                values[plane] = Blend(upper[0], upper[1], lower[0], lower[1], across, down);
            }

            return;
        }

        for (var plane = 0; plane < values.Length; plane++)
        {
            var pixels = planes.Slice(plane * size, size);
            values[plane] = Blend(
                Fetch(pixels, width, height, left, top, fill),
                Fetch(pixels, width, height, left + 1L, top, fill),
                Fetch(pixels, width, height, left, top + 1L, fill),
                Fetch(pixels, width, height, left + 1L, top + 1L, fill),
                across,
                down
            );
        }
    }

    private static float Blend(float a, float b, float c, float d, float across, float down)
    {
        var upper = a + ((b - a) * across);
        var lower = c + ((d - c) * across);
        return upper + ((lower - upper) * down);
    }

    private static float Fetch(ReadOnlySpan<float> pixels, int width, int height, long x, long y, float fill) =>
        (ulong)x < (ulong)width && (ulong)y < (ulong)height ? pixels[(int)((y * width) + x)] : fill;
}

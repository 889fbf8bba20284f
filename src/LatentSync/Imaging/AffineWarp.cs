using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LatentSync.Imaging;

/// <summary>
/// Bilinear affine warps. Pixel centres lie at integers; every pixel outside the source has the fill value, so the
/// source's border fades into it over one pixel.
/// </summary>
internal static class AffineWarp
{
    /// <summary>Warps an image into the whole of another; results are truncated to 8 bits.</summary>
    /// <param name="source">The image to sample.</param>
    /// <param name="transform">Takes source pixels to destination pixels.</param>
    /// <param name="destination">Overwritten.</param>
    /// <param name="fill">The value of all channels outside the source.</param>
    /// <exception cref="InvalidOperationException">The transform has no inverse.</exception>
    public static void Warp(RgbImage source, AffineTransform transform, RgbImage destination, byte fill)
    {
        var inverse = transform.Invert();
        ref var pixels = ref MemoryMarshal.GetArrayDataReference(source.Pixels);

        // A pixel is read as four bytes, so the last column, whose fourth byte may lie behind the array, is left to Fetch.
        var (innerWidth, innerHeight) = (source.Width - 2, source.Height - 1);
        for (var y = 0; y < destination.Height; y++)
        {
            var row = destination.Row(y);
            var (startX, startY) = ((inverse.M12 * y) + inverse.M13, (inverse.M22 * y) + inverse.M23);
            for (var x = 0; x < destination.Width; x++)
            {
                var (sourceX, sourceY) = (startX + (inverse.M11 * x), startY + (inverse.M21 * x));
                var (floorX, floorY) = (Math.Floor(sourceX), Math.Floor(sourceY));
                var (left, top) = ((int)floorX, (int)floorY);
                Vector128<float> a, b, c, d;
                if ((uint)left < (uint)Math.Max(innerWidth, 0) && (uint)top < (uint)innerHeight)
                {
                    ref var corner = ref Unsafe.Add(ref pixels, (top * source.Stride) + (left * RgbImage.Channels));
                    (a, b) = (Load(ref corner), Load(ref Unsafe.Add(ref corner, RgbImage.Channels)));
                    corner = ref Unsafe.Add(ref corner, source.Stride);
                    (c, d) = (Load(ref corner), Load(ref Unsafe.Add(ref corner, RgbImage.Channels)));
                }
                else
                {
                    (a, b) = (Fetch(source, left, top, fill), Fetch(source, left + 1L, top, fill));
                    (c, d) = (Fetch(source, left, top + 1L, fill), Fetch(source, left + 1L, top + 1L, fill));
                }

                var (across, down) = (Vector128.Create((float)(sourceX - floorX)), Vector128.Create((float)(sourceY - floorY)));
                var upper = a + ((b - a) * across);
                var lower = c + ((d - c) * across);
                Store(Vector128.ConvertToInt32(upper + ((lower - upper) * down)), row, x * RgbImage.Channels);
            }
        }
    }

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
                down);
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

    private static Vector128<float> Fetch(RgbImage image, long x, long y, byte fill)
    {
        if ((ulong)x >= (ulong)image.Width || (ulong)y >= (ulong)image.Height)
        {
            return Vector128.Create((float)fill);
        }

        var pixel = image.Row((int)y).Slice((int)x * RgbImage.Channels, RgbImage.Channels);
        return Vector128.Create(pixel[0], pixel[1], pixel[2], 0f);
    }

    /// <summary>R, G, B of a pixel and, in the last lane, one byte of the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Load(ref byte pixel)
    {
        var bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(ref pixel)).AsByte();
        return Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32());
    }

    /// <summary>Writes the low bytes of the first three lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<int> pixel, Span<byte> row, int offset)
    {
        var target = row.Slice(offset, RgbImage.Channels);
        target[0] = (byte)pixel.GetElement(0);
        target[1] = (byte)pixel.GetElement(1);
        target[2] = (byte)pixel.GetElement(2);
    }
}

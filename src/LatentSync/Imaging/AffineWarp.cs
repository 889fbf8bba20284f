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
    // Inside the source, coordinates are fixed-point numbers, stepped without conversions: over 4096 pixels the error
    // stays below 1e-6, far less than the room kept to the source's border.
    private const int FixedBits = 32;
    private const double FixedOne = 1L << FixedBits;
    private const double Room = 1e-3;
    private const double MinStep = 1e-9;

    // Beyond this, rounding errors of the coordinates could eat up the room.
    private const double MaxCoordinate = 1e6;

    /// <summary>Warps an image into the whole of another; results are truncated to 8 bits.</summary>
    /// <param name="source">The image to sample.</param>
    /// <param name="transform">Takes source pixels to destination pixels.</param>
    /// <param name="destination">Overwritten.</param>
    /// <param name="fill">The value of all channels outside the source.</param>
    /// <exception cref="InvalidOperationException">The transform has no inverse.</exception>
    public static void Warp(RgbImage source, AffineTransform transform, RgbImage destination, byte fill)
    {
        var inverse = transform.Invert();
        for (var y = 0; y < destination.Height; y++)
        {
            var start = inverse.Apply(new Point2D(0, y));
            WarpRow(source, start, new Point2D(inverse.M11, inverse.M21), destination.Row(y), fill);
        }
    }

    private static void WarpRow(RgbImage source, Point2D start, Point2D step, Span<byte> row, byte fill)
    {
        // A pixel is read as four bytes. The last column, whose fourth byte may lie behind the array, is left to the edge.
        var (first, end) = (0, row.Length / RgbImage.Channels);
        var width = end;
        Narrow(start.X, step.X, source.Width - 2, ref first, ref end);
        Narrow(start.Y, step.Y, source.Height - 1, ref first, ref end);
        if (first >= end)
        {
            (first, end) = (0, 0);
        }

        WarpEdge(source, start, step, row, fill, 0, first);
        WarpInside(source, start, step, row, first, end);
        WarpEdge(source, start, step, row, fill, end, width);
    }

    /// <summary>Narrows the span first .. end of x to where start + step * x lies in 0 .. limit, with a little room.</summary>
    private static void Narrow(double start, double step, int limit, ref int first, ref int end)
    {
        var (low, high) = (Room - start, limit - Room - start);
        if (!(Math.Abs(start) + (Math.Abs(step) * end) < MaxCoordinate))
        {
            end = first;
        }
        else if (Math.Abs(step) < MinStep)
        {
            end = low <= 0 && high >= 0 ? end : first;
        }
        else
        {
            var (from, to) = step > 0 ? (low / step, high / step) : (high / step, low / step);
            first = (int)Math.Max(first, Math.Ceiling(from));
            end = (int)Math.Min(end, Math.Floor(to) + 1);
        }
    }

    /// <summary>Pixels whose four neighbours all lie in the source and before its last column.</summary>
    private static void WarpInside(RgbImage source, Point2D start, Point2D step, Span<byte> row, int first, int end)
    {
        if (first >= end)
        {
            return;
        }

        ref var pixels = ref MemoryMarshal.GetArrayDataReference(source.Pixels);
        ref var output = ref MemoryMarshal.GetReference(row);
        var stride = source.Stride;
        var (stepX, stepY) = ((long)(step.X * FixedOne), (long)(step.Y * FixedOne));
        var fixedX = (long)((start.X + (step.X * first)) * FixedOne);
        var fixedY = (long)((start.Y + (step.Y * first)) * FixedOne);
        for (var x = first; x < end; x++)
        {
            var offset = ((int)(fixedY >> FixedBits) * stride) + ((int)(fixedX >> FixedBits) * RgbImage.Channels);
            ref var upperLeft = ref Unsafe.Add(ref pixels, offset);
            ref var lowerLeft = ref Unsafe.Add(ref upperLeft, stride);
            var pixel = Pack(
                Blend(
                    Load(ref upperLeft),
                    Load(ref Unsafe.Add(ref upperLeft, RgbImage.Channels)),
                    Load(ref lowerLeft),
                    Load(ref Unsafe.Add(ref lowerLeft, RgbImage.Channels)),
                    Fraction(fixedX),
                    Fraction(fixedY)
                )
            );

            // All but the row's last pixel are written as four bytes; the next pixel replaces the fourth.
            ref var target = ref Unsafe.Add(ref output, x * RgbImage.Channels);
            if (((x + 1) * RgbImage.Channels) < row.Length)
            {
                Unsafe.WriteUnaligned(ref target, pixel);
            }
            else
            {
                Store(pixel, row, x);
            }

            fixedX += stepX;
            fixedY += stepY;
        }
    }

    private static void WarpEdge(RgbImage source, Point2D start, Point2D step, Span<byte> row, byte fill, int first, int end)
    {
        for (var x = first; x < end; x++)
        {
            var (sourceX, sourceY) = (start.X + (step.X * x), start.Y + (step.Y * x));
            var (floorX, floorY) = (Math.Floor(sourceX), Math.Floor(sourceY));
            var (left, top) = ((int)floorX, (int)floorY);
            var pixel = Blend(
                Fetch(source, left, top, fill),
                Fetch(source, left + 1L, top, fill),
                Fetch(source, left, top + 1L, fill),
                Fetch(source, left + 1L, top + 1L, fill),
                (float)(sourceX - floorX),
                (float)(sourceY - floorY)
            );
            Store(Pack(pixel), row, x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Blend(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d, float across, float down)
    {
        var upper = a + ((b - a) * across);
        var lower = c + ((d - c) * across);
        return upper + ((lower - upper) * down);
    }

    /// <summary>The 24 highest fractional bits as a number in 0..1, exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Fraction(long value) => (int)((uint)value >> 8) * (1f / (1 << 24));

    private static void Store(uint pixel, Span<byte> row, int x)
    {
        var target = row.Slice(x * RgbImage.Channels, RgbImage.Channels);
        target[0] = (byte)pixel;
        target[1] = (byte)(pixel >> 8);
        target[2] = (byte)(pixel >> 16);
    }

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

    /// <summary>The lanes, each 0..255, cut to whole numbers as the bytes of one value, the first lane lowest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Pack(Vector128<float> pixel)
    {
        // In 0..255 the saturating conversion gives the same, with more instructions.
        var whole = Vector128.ConvertToInt32Native(pixel).AsByte();
        return Vector128.Shuffle(whole, Vector128.Create((byte)0, 4, 8, 12, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16)).AsUInt32().ToScalar();
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LatentSync.Imaging;

namespace LatentSync.Faces.MediaPipe;

/// <summary>
/// Cuts a rotated square out of a frame: bilinear, black outside, several samples per pixel where the square is larger
/// than the result. Values 0..1, layout [C, H, W].
/// </summary>
internal static class RotatedSquareSampler
{
    private const double SubsampleAbove = 1.5;
    private const int MaximumSubsamples = 4;

    // Positions run in fixed point: exact steps, and the fraction converts to float without rounding.
    private const int FractionBits = 24;
    private const long One = 1L << FractionBits;
    private const float FractionScale = 1f / One;

    /// <summary>Fills <paramref name="target"/>, 3 x size x size values.</summary>
    public static void Sample(RgbImage frame, RotatedSquare square, int size, Span<float> target)
    {
        var step = square.Side / size;
        var samples = step > SubsampleAbove ? Math.Clamp((int)Math.Round(step), 2, MaximumSubsamples) : 1;
        var (sin, cos) = Math.SinCos(square.Angle);
        var (stepX, stepY) = (ToFixed(cos * step / samples), ToFixed(sin * step / samples));
        var scale = Vector128.Create(1f / (byte.MaxValue * samples * samples));
        var plane = size * size;
        Span<(long X, long Y)> starts = stackalloc (long, long)[MaximumSubsamples];
        for (var y = 0; y < size; y++)
        {
            var inside = true;
            for (var i = 0; i < samples; i++)
            {
                starts[i] = Start(square, size, y, i, samples);
                var end = (X: starts[i].X + (stepX * size * samples), Y: starts[i].Y + (stepY * size * samples));
                inside &= IsInside(frame, starts[i].X, starts[i].Y) && IsInside(frame, end.X, end.Y);
            }

            for (var x = 0; x < size; x++)
            {
                var sum = Vector128<float>.Zero;
                for (var i = 0; i < samples; i++)
                {
                    var (px, py) = starts[i];
                    for (var j = 0; j < samples; j++, px += stepX, py += stepY)
                    {
                        sum += inside ? Interpolate(frame, px, py) : InterpolateChecked(frame, px, py);
                    }

                    starts[i] = (px, py);
                }

                sum *= scale;
                var at = (y * size) + x;
                target[at] = sum[0];
                target[at + plane] = sum[1];
                target[at + (2 * plane)] = sum[2];
            }
        }
    }

    /// <summary>The first sample of a row, with pixel centres at integers.</summary>
    private static (long X, long Y) Start(RotatedSquare square, int size, int y, int subsample, int samples)
    {
        var offset = 0.5 / samples;
        var point = square.ToFrame((offset / size) - 0.5, ((y + offset + ((double)subsample / samples)) / size) - 0.5);
        return (ToFixed(point.X - 0.5), ToFixed(point.Y - 0.5));
    }

    private static long ToFixed(double value) => (long)Math.Round(value * One);

    /// <summary>Whether the four pixels around a position can be read four bytes at a time.</summary>
    private static bool IsInside(RgbImage frame, long x, long y)
    {
        var (column, row) = (x >> FractionBits, y >> FractionBits);
        return column >= 0 && column < frame.Width - 2 && row >= 0 && row < frame.Height - 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Interpolate(RgbImage frame, long x, long y)
    {
        ref var upper = ref Unsafe.Add(
            ref MemoryMarshal.GetArrayDataReference(frame.Pixels),
            ((int)(y >> FractionBits) * frame.Stride) + ((int)(x >> FractionBits) * RgbImage.Channels)
        );
        ref var lower = ref Unsafe.Add(ref upper, frame.Stride);
        var (fx, fy) = (Fraction(x), Fraction(y));
        var top = Load(ref upper) + ((Load(ref Unsafe.Add(ref upper, RgbImage.Channels)) - Load(ref upper)) * fx);
        var bottom = Load(ref lower) + ((Load(ref Unsafe.Add(ref lower, RgbImage.Channels)) - Load(ref lower)) * fx);
        return top + ((bottom - top) * fy);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<float> InterpolateChecked(RgbImage frame, long x, long y)
    {
        var (column, row, fx, fy) = (x >> FractionBits, y >> FractionBits, Fraction(x), Fraction(y));
        return (Pixel(frame, column, row) * ((1 - fx) * (1 - fy)))
            + (Pixel(frame, column + 1, row) * (fx * (1 - fy)))
            + (Pixel(frame, column, row + 1) * ((1 - fx) * fy))
            + (Pixel(frame, column + 1, row + 1) * (fx * fy));
    }

    private static Vector128<float> Pixel(RgbImage frame, long column, long row)
    {
        if (column < 0 || column >= frame.Width || row < 0 || row >= frame.Height)
        {
            return Vector128<float>.Zero;
        }

        var pixel = frame.Row((int)row).Slice((int)column * RgbImage.Channels, RgbImage.Channels);
        return Vector128.Create(pixel[0], pixel[1], pixel[2], 0f);
    }

    private static float Fraction(long position) => (int)(position & (One - 1)) * FractionScale;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Load(ref byte pixel)
    {
        var bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(ref pixel)).AsByte();
        return Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32());
    }
}

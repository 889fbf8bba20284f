using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LatentSync.Imaging;

namespace LatentSync.Faces.MediaPipe;

/// <summary>
/// Scales a frame into a detector's input by area: every pixel of the result is the mean of the part of the frame it
/// covers. At the usual factor of 4 to 8 anything simpler would alias. Values go from 0..255 to -1..1, bars are -1.
/// </summary>
/// <remarks>
/// With lengths in units of 1/height (or 1/width) of a source pixel all overlaps are whole numbers: a source row weighs
/// at most <c>height</c>, the rows of one result row weigh as much as the frame is high. Column sums are therefore
/// exact in float32 up to 65 000 rows.
/// </remarks>
internal sealed class AreaResizer
{
    private const float HalfRange = 127.5f;
    private const float Black = -1;

    // 257 rows of 255 just fit into 16 bits.
    private const int RowsPerSum = 256;

    private float[] _columns = [];

    /// <summary>Writes one frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="box">Where it goes.</param>
    /// <param name="size">The side of the square.</param>
    /// <param name="target">size x size x 3 values: [H, W, C], or [C, H, W] if <paramref name="planar"/>.</param>
    /// <param name="planar">The layout of the target.</param>
    public void Resize(RgbImage frame, Letterbox box, int size, Span<float> target, bool planar)
    {
        // One value more than the columns need: pixels are read four values at a time.
        var length = frame.Stride + 1;
        if (_columns.Length < length)
        {
            _columns = new float[length];
        }

        target.Fill(Black);
        var (pixelStep, channelStep) = planar ? (1, size * size) : (RgbImage.Channels, 1);
        for (var y = 0; y < box.Height; y++)
        {
            SumRows(frame, y, box.Height, _columns);
            var start = (((y + box.Y) * size) + box.X) * pixelStep;
            SumColumns(_columns, frame.Width, box.Width, 1 / (HalfRange * frame.Width * frame.Height), target[start..], pixelStep, channelStep);
        }
    }

    /// <summary>The rows that result row <paramref name="y"/> covers, weighted and summed, for every value of a row.</summary>
    private static void SumRows(RgbImage frame, int y, int height, float[] columns)
    {
        var (first, last, firstWeight, lastWeight) = Cover(y, frame.Height, height);
        var stride = frame.Stride;
        ref var pixels = ref MemoryMarshal.GetArrayDataReference(frame.Pixels);
        ref var firstRow = ref Unsafe.Add(ref pixels, first * stride);
        ref var lastRow = ref Unsafe.Add(ref pixels, last * stride);
        var x = 0;
        for (; x <= stride - Vector128<byte>.Count; x += Vector128<byte>.Count)
        {
            var (low, high) = (Vector256<float>.Zero, Vector256<float>.Zero);
            for (var row = first + 1; row < last; row += RowsPerSum)
            {
                var sum = Vector256<ushort>.Zero;
                var end = Math.Min(row + RowsPerSum, last);
                for (var i = row; i < end; i++)
                {
                    sum += Widen(ref Unsafe.Add(ref pixels, i * stride), x);
                }

                low += ToSingle(sum.GetLower());
                high += ToSingle(sum.GetUpper());
            }

            var (top, bottom) = (Widen(ref firstRow, x), Widen(ref lastRow, x));
            low = (low * height) + (ToSingle(top.GetLower()) * firstWeight) + (ToSingle(bottom.GetLower()) * lastWeight);
            high = (high * height) + (ToSingle(top.GetUpper()) * firstWeight) + (ToSingle(bottom.GetUpper()) * lastWeight);
            low.StoreUnsafe(ref columns[x]);
            high.StoreUnsafe(ref columns[x + Vector256<float>.Count]);
        }

        for (; x < stride; x++)
        {
            float sum = 0;
            for (var row = first + 1; row < last; row++)
            {
                sum += frame.Pixels[(row * stride) + x];
            }

            columns[x] = (sum * height) + (frame.Pixels[(first * stride) + x] * firstWeight) + (frame.Pixels[(last * stride) + x] * lastWeight);
        }
    }

    private static void SumColumns(float[] columns, int sourceWidth, int width, float scale, Span<float> target, int pixelStep, int channelStep)
    {
        for (var x = 0; x < width; x++)
        {
            var (first, last, firstWeight, lastWeight) = Cover(x, sourceWidth, width);
            var sum = Vector128<float>.Zero;
            for (var i = first + 1; i < last; i++)
            {
                sum += Vector128.LoadUnsafe(ref columns[i * RgbImage.Channels]);
            }

            sum *= width;
            sum += Vector128.LoadUnsafe(ref columns[first * RgbImage.Channels]) * firstWeight;
            sum += Vector128.LoadUnsafe(ref columns[last * RgbImage.Channels]) * lastWeight;
            sum = (sum * scale) + Vector128.Create(Black);
            var at = x * pixelStep;
            target[at] = sum[0];
            target[at + channelStep] = sum[1];
            target[at + (2 * channelStep)] = sum[2];
        }
    }

    /// <summary>
    /// The source pixels that result pixel <paramref name="index"/> overlaps, and the weights of the first and last of
    /// them; those between weigh <paramref name="count"/>. The last weighs nothing where it is the first.
    /// </summary>
    private static (int First, int Last, float FirstWeight, float LastWeight) Cover(int index, int sourceCount, int count)
    {
        var (start, end) = ((long)index * sourceCount, (long)(index + 1) * sourceCount);
        var (first, last) = ((int)(start / count), (int)((end - 1) / count));
        return first == last ? (first, last, end - start, 0) : (first, last, ((first + 1L) * count) - start, end - ((long)last * count));
    }

    private static Vector256<ushort> Widen(ref byte row, int x)
    {
        var bytes = Vector128.LoadUnsafe(ref row, (nuint)x);
        return Vector256.Create(Vector128.WidenLower(bytes), Vector128.WidenUpper(bytes));
    }

    private static Vector256<float> ToSingle(Vector128<ushort> values) =>
        Vector256.ConvertToSingle(Vector256.Create(Vector128.WidenLower(values), Vector128.WidenUpper(values)).AsInt32());
}

using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LatentSync.Imaging;

/// <summary>
/// Resizes 8-bit RGB images by averaging the area of the source that each output pixel covers. Where an axis grows, the
/// area is kept one source pixel wide, which is linear interpolation. Not for use by two threads at once.
/// </summary>
internal sealed class AreaResizer
{
    private readonly int _sourceWidth;
    private readonly int _sourceHeight;
    private readonly AreaTaps _columns;
    private readonly AreaTaps _rows;
    private readonly float[] _accumulator;

    /// <summary>A resizer from one size to another.</summary>
    public AreaResizer(int sourceWidth, int sourceHeight, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sourceWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sourceHeight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        (_sourceWidth, _sourceHeight) = (sourceWidth, sourceHeight);
        _columns = new AreaTaps(sourceWidth, width);
        _rows = new AreaTaps(sourceHeight, height);
        _accumulator = new float[checked(sourceWidth * RgbImage.Channels)];
    }

    /// <summary>Resizes; results are rounded to the nearest.</summary>
    public void Resize(RgbImage source, RgbImage destination)
    {
        if ((source.Width, source.Height) != (_sourceWidth, _sourceHeight) || (destination.Width, destination.Height) != (_columns.Outputs, _rows.Outputs))
        {
            throw new ArgumentException(Invariant($"The images are {source.Width}x{source.Height} and {destination.Width}x{destination.Height}, the resizer is for {_sourceWidth}x{_sourceHeight} and {_columns.Outputs}x{_rows.Outputs}."), nameof(source));
        }

        for (var y = 0; y < destination.Height; y++)
        {
            Array.Clear(_accumulator);
            var weights = _rows.Weights(y);
            for (var tap = 0; tap < weights.Length; tap++)
            {
                Accumulate(source.Row(_rows.First(y) + tap), weights[tap]);
            }

            FilterRow(destination.Row(y));
        }
    }

    private void Accumulate(ReadOnlySpan<byte> row, float weight)
    {
        ref var pixels = ref MemoryMarshal.GetReference(row);
        ref var sums = ref MemoryMarshal.GetArrayDataReference(_accumulator);
        var i = 0;
        for (; i <= row.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref pixels, (nuint)i));
            Add(ref sums, i, low, weight);
            Add(ref sums, i + Vector128<ushort>.Count, high, weight);
        }

        for (; i < row.Length; i++)
        {
            _accumulator[i] += row[i] * weight;
        }
    }

    private static void Add(ref float sums, int offset, Vector128<ushort> values, float weight)
    {
        var wide = Vector256.Create(Vector128.WidenLower(values), Vector128.WidenUpper(values)).AsInt32();
        (Vector256.LoadUnsafe(ref sums, (nuint)offset) + (Vector256.ConvertToSingle(wide) * weight)).StoreUnsafe(ref sums, (nuint)offset);
    }

    private void FilterRow(Span<byte> output)
    {
        for (var x = 0; x < _columns.Outputs; x++)
        {
            var weights = _columns.Weights(x);
            var values = _accumulator.AsSpan(_columns.First(x) * RgbImage.Channels, weights.Length * RgbImage.Channels);
            float red = 0.5f, green = 0.5f, blue = 0.5f;
            for (int tap = 0, i = 0; tap < weights.Length && i + 2 < values.Length; tap++, i += RgbImage.Channels)
            {
                red += values[i] * weights[tap];
                green += values[i + 1] * weights[tap];
                blue += values[i + 2] * weights[tap];
            }

            output[x * RgbImage.Channels] = (byte)red;
            output[(x * RgbImage.Channels) + 1] = (byte)green;
            output[(x * RgbImage.Channels) + 2] = (byte)blue;
        }
    }
}

using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LatentSync.Imaging;

/// <summary>
/// Resizes float planes bicubically with antialiasing, like PyTorch's <c>interpolate(mode="bicubic", antialias=True)</c>.
/// Tables and buffers belong to one pair of sizes and are used again; not for use by two threads at once.
/// </summary>
internal sealed class BicubicResizer
{
    private static readonly int Lanes = Vector256<float>.Count;

    private readonly int _sourceWidth;
    private readonly int _sourceHeight;
    private readonly int _width;
    private readonly int _height;
    private readonly BicubicTaps _columns;
    private readonly BicubicTaps _rows;
    private readonly float[] _padded;
    private readonly float[] _narrow;

    /// <summary>A resizer from one size to another.</summary>
    public BicubicResizer(int sourceWidth, int sourceHeight, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sourceWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sourceHeight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        (_sourceWidth, _sourceHeight, _width, _height) = (sourceWidth, sourceHeight, width, height);
        _columns = new BicubicTaps(sourceWidth, width, Lanes);
        _rows = new BicubicTaps(sourceHeight, height, 1);
        _padded = new float[checked(sourceWidth + _columns.Count)];
        _narrow = new float[checked(width * sourceHeight)];
    }

    /// <summary>Resizes one plane; the spans hold exactly one plane each.</summary>
    public void Resize(ReadOnlySpan<float> source, Span<float> destination)
    {
        if (source.Length != _sourceWidth * _sourceHeight || destination.Length != checked(_width * _height))
        {
            throw new ArgumentException(
                Invariant($"Planes of {source.Length} and {destination.Length} values are not {_sourceWidth}x{_sourceHeight} and {_width}x{_height}."),
                nameof(source)
            );
        }

        for (var y = 0; y < _sourceHeight; y++)
        {
            // The zeros behind the row meet the zero weights that fill up a tap group.
            source.Slice(y * _sourceWidth, _sourceWidth).CopyTo(_padded);
            FilterRow(_narrow.AsSpan(y * _width, _width));
        }

        for (var y = 0; y < _height; y++)
        {
            var output = destination.Slice(y * _width, _width);
            var first = _rows.First[y];
            var taps = Math.Min(_rows.Count, _sourceHeight - first);
            TensorPrimitives.Multiply(_narrow.AsSpan(first * _width, _width), _rows.Weights[y * _rows.Count], output);
            for (var tap = 1; tap < taps; tap++)
            {
                var weight = _rows.Weights[(y * _rows.Count) + tap];
                TensorPrimitives.MultiplyAdd(_narrow.AsSpan((first + tap) * _width, _width), weight, output, output);
            }
        }
    }

    private void FilterRow(Span<float> output)
    {
        ref var weights = ref MemoryMarshal.GetArrayDataReference(_columns.Weights);
        ref var row = ref MemoryMarshal.GetArrayDataReference(_padded);
        var (first, count) = (_columns.First, _columns.Count);
        for (var x = 0; x < output.Length; x++)
        {
            var sum = Vector256<float>.Zero;
            for (var tap = 0; tap < count; tap += Lanes)
            {
                sum += Vector256.LoadUnsafe(ref row, (nuint)(first[x] + tap)) * Vector256.LoadUnsafe(ref weights, (nuint)((x * count) + tap));
            }

            output[x] = Vector256.Sum(sum);
        }
    }
}

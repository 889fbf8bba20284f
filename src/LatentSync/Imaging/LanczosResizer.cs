using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LatentSync.Imaging;

/// <summary>
/// Resizes 8-bit images of one or three interleaved channels, bit for bit like OpenCV's INTER_LANCZOS4: eight taps per
/// axis, borders replicated. Tables and buffers belong to one pair of sizes and are used again for each image; not for
/// use by two threads at once.
/// </summary>
/// <remarks>
/// Both passes are exact integer sums, rounded once at the end. They fit 32 bits: with S+ and S- the largest sums of
/// positive and negative weights (1.36 and 0.36 of 2048), the worst image gives 255 * 2048^2 * (S+^2 + S-^2) = 2.12e9.
/// </remarks>
internal sealed class LanczosResizer
{
    private const int OutputBits = 2 * LanczosTaps.FractionBits;
    private const int Rounding = 1 << (OutputBits - 1);

    // Base runs from -1 to the last pixel, so taps reach four pixels beyond either end of a row.
    private const int Padding = 4;

    private readonly int _sourceWidth;
    private readonly int _sourceHeight;
    private readonly int _width;
    private readonly int _height;
    private readonly int _channels;
    private readonly LanczosTaps _columns;
    private readonly LanczosTaps _rows;
    private readonly int _planeStride;
    private readonly short[] _padded;
    private readonly int[] _ring;
    private readonly byte[] _planar;

    /// <summary>A resizer from one size to another.</summary>
    public LanczosResizer(int sourceWidth, int sourceHeight, int width, int height, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sourceWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sourceHeight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (channels is not (1 or RgbImage.Channels))
        {
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "One or three channels are supported.");
        }

        (_sourceWidth, _sourceHeight, _width, _height, _channels) = (sourceWidth, sourceHeight, width, height, channels);
        _planeStride = checked((width + Vector256<int>.Count - 1) / Vector256<int>.Count * Vector256<int>.Count);
        _columns = new LanczosTaps(sourceWidth, width, _planeStride);
        _rows = new LanczosTaps(sourceHeight, height, height);
        _padded = new short[checked(channels * (sourceWidth + (2 * Padding)))];
        _ring = new int[checked(LanczosTaps.Count * channels * _planeStride)];
        _planar = new byte[channels * _planeStride];
    }

    /// <summary>Resizes interleaved 8-bit pixels; the spans hold exactly one image each.</summary>
    public void Resize(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        RequireLength(source.Length, _sourceWidth, _sourceHeight, nameof(source));
        RequireLength(destination.Length, _width, _height, nameof(destination));
        var stride = _sourceWidth * _channels;
        var next = 0;
        for (var y = 0; y < _height; y++)
        {
            var first = _rows.Base[y] - LanczosTaps.Before;
            var last = Math.Min(first + LanczosTaps.Count, _sourceHeight);
            for (next = Math.Max(next, first); next < last; next++)
            {
                Pad(source.Slice(next * stride, stride));
                FilterRow(RingRow(next));
            }

            FilterColumns(first, _rows.Weights.AsSpan(y * LanczosTaps.Count, LanczosTaps.Count));
            Interleave(destination.Slice(y * _width * _channels, _width * _channels));
        }
    }

    private void RequireLength(int length, int width, int height, string name)
    {
        if (length != checked(width * height * _channels))
        {
            throw new ArgumentException(
                Invariant($"{width}x{height} pixels of {_channels} channels need {width * height * _channels} bytes, got {length}."),
                name
            );
        }
    }

    private Span<int> RingRow(int sourceRow) => _ring.AsSpan(sourceRow % LanczosTaps.Count * _channels * _planeStride, _channels * _planeStride);

    /// <summary>Splits a row into channels of 16-bit values, each with its end pixels repeated.</summary>
    private void Pad(ReadOnlySpan<byte> row)
    {
        var stride = _sourceWidth + (2 * Padding);
        for (var channel = 0; channel < _channels; channel++)
        {
            var plane = _padded.AsSpan(channel * stride, stride);
            plane[..Padding].Fill(row[channel]);
            plane[^Padding..].Fill(row[row.Length - _channels + channel]);
            var inner = plane.Slice(Padding, _sourceWidth);
            for (int x = 0, i = channel; x < inner.Length && i < row.Length; x++, i += _channels)
            {
                inner[x] = row[i];
            }
        }
    }

    private void FilterRow(Span<int> destination)
    {
        var stride = _sourceWidth + (2 * Padding);
        ref var weights = ref MemoryMarshal.GetArrayDataReference(_columns.Weights);
        for (var channel = 0; channel < _channels; channel++)
        {
            ref var plane = ref _padded[(channel * stride) + Padding - LanczosTaps.Before];
            var output = destination.Slice(channel * _planeStride, _planeStride);
            var positions = _columns.Base.AsSpan(0, _planeStride);
            for (var x = 0; x <= output.Length - 4; x += 4)
            {
                var sums = SumPairs(
                    SumPairs(Products(ref plane, positions[x], ref weights, x), Products(ref plane, positions[x + 1], ref weights, x + 1)),
                    SumPairs(Products(ref plane, positions[x + 2], ref weights, x + 2), Products(ref plane, positions[x + 3], ref weights, x + 3))
                );
                sums.CopyTo(output[x..]);
            }
        }
    }

    /// <summary>The weighted taps of one output, added up to four partial sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Products(ref short plane, int position, ref short weights, int output)
    {
        var taps = Vector128.LoadUnsafe(ref Unsafe.Add(ref plane, position));
        var kernel = Vector128.LoadUnsafe(ref weights, (nuint)(output * LanczosTaps.Count));
        if (Sse2.IsSupported)
        {
            return Sse2.MultiplyAddAdjacent(taps, kernel);
        }

        var (tapsLow, tapsHigh) = Vector128.Widen(taps);
        var (kernelLow, kernelHigh) = Vector128.Widen(kernel);
        return (tapsLow * kernelLow) + (tapsHigh * kernelHigh);
    }

    /// <summary>(a0+a1, a2+a3, b0+b1, b2+b3).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> SumPairs(Vector128<int> a, Vector128<int> b) =>
        Ssse3.IsSupported ? Ssse3.HorizontalAdd(a, b) : Vector128.Create(a[0] + a[1], a[2] + a[3], b[0] + b[1], b[2] + b[3]);

    private void FilterColumns(int first, ReadOnlySpan<short> weights)
    {
        var length = _channels * _planeStride;
        Span<int> offsets = stackalloc int[LanczosTaps.Count];
        for (var tap = 0; tap < LanczosTaps.Count; tap++)
        {
            var row = Math.Clamp(first + tap, 0, _sourceHeight - 1);
            offsets[tap] = row % LanczosTaps.Count * length;
        }

        ref var ring = ref MemoryMarshal.GetArrayDataReference(_ring);
        for (var i = 0; i <= length - Vector256<int>.Count; i += Vector256<int>.Count)
        {
            var sum = Vector256.Create(Rounding);
            for (var tap = 0; tap < LanczosTaps.Count; tap++)
            {
                sum += Vector256.LoadUnsafe(ref ring, (nuint)(offsets[tap] + i)) * weights[tap];
            }

            var pixels = Vector256.Min(Vector256.Max(sum >> OutputBits, Vector256<int>.Zero), Vector256.Create((int)byte.MaxValue));
            var words = Vector128.Narrow(pixels.GetLower(), pixels.GetUpper()).AsUInt16();
            Vector128.Narrow(words, words).GetLower().CopyTo(_planar.AsSpan(i));
        }
    }

    private void Interleave(Span<byte> destination)
    {
        if (_channels == 1)
        {
            _planar.AsSpan(0, _width).CopyTo(destination);
            return;
        }

        var red = _planar.AsSpan(0, _width);
        var green = _planar.AsSpan(_planeStride, _width);
        var blue = _planar.AsSpan(2 * _planeStride, _width);
        for (int x = 0, i = 0; x < red.Length && i + 2 < destination.Length; x++, i += RgbImage.Channels)
        {
            destination[i] = red[x];
            destination[i + 1] = green[x];
            destination[i + 2] = blue[x];
        }
    }
}

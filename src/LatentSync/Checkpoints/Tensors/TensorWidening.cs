using System.Numerics;
using System.Runtime.InteropServices;

namespace LatentSync.Checkpoints.Tensors;

/// <summary>Conversion of stored elements to float32.</summary>
internal static class TensorWidening
{
    private const int BFloat16Shift = 16;

    /// <summary>Converts as many elements as the destination has; 64-bit numbers are rounded, booleans become 0 and 1.</summary>
    public static void ToSingle(TensorDataType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        switch (type)
        {
            case TensorDataType.Float32:
                source.CopyTo(MemoryMarshal.AsBytes(destination));
                break;
            case TensorDataType.Float16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(source), destination);
                break;
            case TensorDataType.BFloat16:
                WidenBFloat16(MemoryMarshal.Cast<byte, ushort>(source), destination);
                break;
            case TensorDataType.Float64:
                Convert<double>(source, destination);
                break;
            case TensorDataType.Int64:
                Convert<long>(source, destination);
                break;
            case TensorDataType.Int32:
                Convert<int>(source, destination);
                break;
            case TensorDataType.Int16:
                Convert<short>(source, destination);
                break;
            case TensorDataType.Int8:
                Convert<sbyte>(source, destination);
                break;
            default:
                Convert<byte>(source, destination);
                break;
        }
    }

    private static void Convert<T>(ReadOnlySpan<byte> source, Span<float> destination)
        where T : unmanaged, INumber<T> => TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, T>(source), destination);

    /// <summary>A bfloat16 number is the upper half of the float32 number, so every 16 bits only move up.</summary>
    private static void WidenBFloat16(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        var bits = MemoryMarshal.Cast<float, uint>(destination);
        var i = 0;
        for (; i <= source.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(source[i..]), out var low, out var high);
            Vector.ShiftLeft(low, BFloat16Shift).CopyTo(bits[i..]);
            Vector.ShiftLeft(high, BFloat16Shift).CopyTo(bits[(i + Vector<uint>.Count)..]);
        }

        for (; i < source.Length; i++)
        {
            bits[i] = (uint)source[i] << BFloat16Shift;
        }
    }
}

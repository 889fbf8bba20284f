using System.Numerics;
using System.Runtime.InteropServices;

namespace LatentSync.Backends.Cuda.Memory;

/// <summary>Numbers in the formats of a device.</summary>
internal static class DeviceValues
{
    private const int DroppedBits = 16;
    private const uint JustBelowHalf = 0x7FFF;
    private const uint Magnitude = 0x7FFF_FFFF;
    private const uint Infinity = 0x7F80_0000;
    private const uint Quiet = 0x0040_0000;

    /// <summary>float32 as the device has it: float16, bfloat16 or float32; rounded to nearest, halves to even.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="type">The device's type.</param>
    /// <param name="place">Receives them; as long as they are in that type.</param>
    public static void Write(ReadOnlySpan<float> values, DeviceDataType type, Span<byte> place)
    {
        switch (type)
        {
            case DeviceDataType.Float16:
                TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<byte, Half>(place));
                break;
            case DeviceDataType.BFloat16:
                ConvertToBFloat16(MemoryMarshal.Cast<float, uint>(values), MemoryMarshal.Cast<byte, ushort>(place));
                break;
            default:
                MemoryMarshal.AsBytes(values).CopyTo(place);
                break;
        }
    }

    /// <summary>.NET 10 has no such type, so this is bits of float32 to their upper halves.</summary>
    private static void ConvertToBFloat16(ReadOnlySpan<uint> source, Span<ushort> destination)
    {
        var i = 0;
        for (; i <= source.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Narrow(Rounded(new(source[i..])), Rounded(new(source[(i + Vector<uint>.Count)..]))).CopyTo(destination[i..]);
        }

        for (; i < source.Length; i++)
        {
            destination[i] = (ushort)Rounded(new Vector<uint>(source[i]))[0];
        }
    }

    /// <summary>
    /// Half of the last bit that stays is added, a little less where that bit is 0 already, so that halves go to even. What is
    /// not a number would become another: it keeps its upper bits, with one that is never shifted out.
    /// </summary>
    private static Vector<uint> Rounded(Vector<uint> bits)
    {
        var lastBit = (bits >>> DroppedBits) & Vector<uint>.One;
        var isNumber = Vector.LessThanOrEqual(bits & new Vector<uint>(Magnitude), new Vector<uint>(Infinity));
        return Vector.ConditionalSelect(isNumber, bits + lastBit + new Vector<uint>(JustBelowHalf), bits | new Vector<uint>(Quiet)) >>> DroppedBits;
    }
}

using System.Runtime.InteropServices;

namespace LatentSync.Backends.Cuda.Memory;

/// <summary>Numbers in the formats of a device.</summary>
internal static class DeviceValues
{
    /// <summary>float32 as the device has it, float16 or float32.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="type">The device's type.</param>
    /// <param name="place">Receives them; as long as they are in that type.</param>
    public static void Write(ReadOnlySpan<float> values, DeviceDataType type, Span<byte> place)
    {
        if (type == DeviceDataType.Float16)
        {
            TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<byte, Half>(place));
        }
        else
        {
            MemoryMarshal.AsBytes(values).CopyTo(place);
        }
    }
}

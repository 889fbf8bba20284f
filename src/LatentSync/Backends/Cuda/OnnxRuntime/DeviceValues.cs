using System.Runtime.InteropServices;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.Runtime;

namespace LatentSync.Backends.Cuda.OnnxRuntime;

/// <summary>Numbers of the computer in a device's type, and on their way there.</summary>
internal static class DeviceValues
{
    /// <summary>Fills memory from which a device copies.</summary>
    public delegate void FillPlace(Span<byte> place);

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

    /// <summary>Copies to the device and waits; does nothing where nothing runs.</summary>
    /// <param name="runtime">The device.</param>
    /// <param name="destination">Where on it.</param>
    /// <param name="bytes">How much.</param>
    /// <param name="fill">Provides it.</param>
    public static void Upload(this DeviceRuntime runtime, nint destination, long bytes, FillPlace fill)
    {
        if (runtime.IsDry)
        {
            return;
        }

        using var staging = new PinnedBuffer(runtime.Device, bytes);
        fill(staging.Span<byte>(0, checked((int)bytes)));
        runtime.Device.Copy(destination, staging.Pointer, bytes, CopyDirection.ToDevice, DeviceStream.Compute);
        runtime.Device.Synchronize();
    }
}

using LatentSync.Backends.Cuda.Runtime;

namespace LatentSync.Backends.Cuda.Memory;

/// <summary>Values on a device in memory of their own; what was there before is still in it.</summary>
internal sealed class OwnedDeviceTensor : DeviceTensor, IDisposable
{
    private readonly DeviceBuffer _buffer;

    /// <summary>Takes the memory from an arena.</summary>
    /// <exception cref="DeviceMemoryException">The arena has too little.</exception>
    public OwnedDeviceTensor(DeviceArena arena, DeviceDataType type, params int[] shape)
        : this(new DeviceBuffer(arena, Count(shape) * type.Size()), type, shape) { }

    private OwnedDeviceTensor(DeviceBuffer buffer, DeviceDataType type, int[] shape)
        : base(buffer.Pointer, type, shape) => _buffer = buffer;

    /// <summary>Gives the memory back. Work that is queued may still use it: who gets it next works in the same queue.</summary>
    public void Dispose() => _buffer.Dispose();
}

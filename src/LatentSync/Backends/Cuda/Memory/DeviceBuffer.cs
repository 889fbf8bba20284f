using LatentSync.Backends.Cuda.Runtime;

namespace LatentSync.Backends.Cuda.Memory;

/// <summary>Memory of an arena, given back on disposal.</summary>
internal sealed class DeviceBuffer : IDisposable
{
    private readonly DeviceArena _arena;
    private bool _isFreed;

    /// <summary>Takes memory from an arena.</summary>
    /// <exception cref="DeviceMemoryException">There is too little.</exception>
    public DeviceBuffer(DeviceArena arena, long bytes)
    {
        _arena = arena;
        Bytes = bytes;
        Pointer = arena.Allocate(bytes);
    }

    /// <summary>Where it begins, on the device.</summary>
    public nint Pointer { get; }

    /// <summary>Its length.</summary>
    public long Bytes { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isFreed)
        {
            _isFreed = true;
            _arena.Free(Pointer);
        }
    }
}

namespace LatentSync.Backends.Cuda.Runtime;

/// <summary>Host memory that the device copies from and to by itself.</summary>
internal sealed unsafe class PinnedBuffer(IDevice device, long bytes) : IDisposable
{
    private bool _isFreed;

    /// <summary>Where it begins.</summary>
    public nint Pointer { get; } = device.AllocatePinned(bytes);

    /// <summary>Its length.</summary>
    public long Bytes => bytes;

    /// <summary>A part of it as values.</summary>
    public Span<T> Span<T>(long offset, int count)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, (bytes - offset) / sizeof(T));
        return new Span<T>((byte*)Pointer + offset, count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isFreed)
        {
            _isFreed = true;
            device.FreePinned(Pointer);
        }
    }
}

namespace LatentSync.Backends.Cuda.Runtime;

/// <summary>A device on which nothing happens: what is allocated on it is counted, so that a plan's memory is known before it runs.</summary>
/// <param name="name">Name for messages.</param>
internal sealed class DryDevice(string name) : IDevice
{
    // Any number but 0, which means no memory.
    private const int Start = 1 << 20;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public long Granularity => 1 << 16;

    /// <inheritdoc/>
    public (long Total, long Free) Memory => (long.MaxValue, long.MaxValue);

    /// <inheritdoc/>
    public nint Reserve(long bytes) => Start;

    /// <inheritdoc/>
    public bool TryCommit(nint range, long offset, long bytes) => true;

    /// <inheritdoc/>
    public void Decommit(nint range, long offset, long bytes)
    {
        // There is no memory.
    }

    /// <inheritdoc/>
    public void Release(nint range, long bytes)
    {
        // There is no memory.
    }

    /// <inheritdoc/>
    public nint AllocatePinned(long bytes) => throw new NotSupportedException("A dry run copies nothing.");

    /// <inheritdoc/>
    public void FreePinned(nint pointer) => throw new NotSupportedException("A dry run copies nothing.");

    /// <inheritdoc/>
    public void Copy(nint destination, nint source, long bytes, CopyDirection direction, DeviceStream stream)
    {
        // There is no memory.
    }

    /// <inheritdoc/>
    public void Clear(nint destination, long bytes, DeviceStream stream)
    {
        // There is no memory.
    }

    /// <inheritdoc/>
    public nint CreateEvent() => 0;

    /// <inheritdoc/>
    public void DestroyEvent(nint mark)
    {
        // Nothing is queued.
    }

    /// <inheritdoc/>
    public void Record(nint mark, DeviceStream stream)
    {
        // Nothing is queued.
    }

    /// <inheritdoc/>
    public void WaitFor(nint mark, DeviceStream stream)
    {
        // Nothing is queued.
    }

    /// <inheritdoc/>
    public double ElapsedMilliseconds(nint from, nint to) => 0;

    /// <inheritdoc/>
    public void Synchronize(nint mark)
    {
        // Nothing is queued.
    }

    /// <inheritdoc/>
    public void Synchronize()
    {
        // Nothing is queued.
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // There is nothing to close.
    }
}

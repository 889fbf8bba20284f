using System.Diagnostics;
using System.Runtime.InteropServices;
using LatentSync.Backends.Cuda.Runtime;

namespace LatentSync.TestKit;

/// <summary>
/// The computer's own memory as a device: every copy is done when it is queued. Plans, slices and streamed weights can
/// be run and checked with it where there is no GPU.
/// </summary>
/// <param name="capacity">Bytes that may be committed, as if the device had no more.</param>
internal sealed unsafe class HostDevice(long capacity) : IDevice
{
    private const int Alignment = 4096;

    private readonly List<long> _marks = [];
    private long _committed;

    /// <inheritdoc/>
    public string Name => "CPU";

    /// <inheritdoc/>
    public long Granularity => 1 << 16;

    /// <inheritdoc/>
    public (long Total, long Free) Memory => (capacity, capacity - _committed);

    /// <inheritdoc/>
    public nint Reserve(long bytes) => (nint)NativeMemory.AlignedAlloc(checked((nuint)bytes), Alignment);

    /// <inheritdoc/>
    public bool TryCommit(nint range, long offset, long bytes)
    {
        if (_committed + bytes > capacity)
        {
            return false;
        }

        _committed += bytes;
        return true;
    }

    /// <inheritdoc/>
    public void Decommit(nint range, long offset, long bytes) => _committed -= bytes;

    /// <inheritdoc/>
    public void Release(nint range, long bytes) => NativeMemory.AlignedFree((void*)range);

    /// <inheritdoc/>
    public nint AllocatePinned(long bytes) => (nint)NativeMemory.AlignedAlloc(checked((nuint)bytes), Alignment);

    /// <inheritdoc/>
    public void FreePinned(nint pointer) => NativeMemory.AlignedFree((void*)pointer);

    /// <inheritdoc/>
    public void Copy(nint destination, nint source, long bytes, CopyDirection direction, DeviceStream stream) =>
        Buffer.MemoryCopy((void*)source, (void*)destination, bytes, bytes);

    /// <inheritdoc/>
    public nint CreateEvent()
    {
        _marks.Add(0);
        return _marks.Count - 1;
    }

    /// <inheritdoc/>
    public void DestroyEvent(nint mark)
    {
        // Numbers of marks are not used again.
    }

    /// <inheritdoc/>
    public void Record(nint mark, DeviceStream stream) => _marks[(int)mark] = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public void WaitFor(nint mark, DeviceStream stream)
    {
        // Nothing is ever outstanding.
    }

    /// <inheritdoc/>
    public double ElapsedMilliseconds(nint from, nint to) => Stopwatch.GetElapsedTime(_marks[(int)from], _marks[(int)to]).TotalMilliseconds;

    /// <inheritdoc/>
    public void Synchronize(nint mark)
    {
        // Nothing is ever outstanding.
    }

    /// <inheritdoc/>
    public void Synchronize()
    {
        // Nothing is ever outstanding.
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Ranges and pinned memory belong to those who asked for them.
    }
}

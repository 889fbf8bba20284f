using LatentSync.Backends.Cuda.Runtime;

namespace LatentSync.Backends.Cuda.Memory;

/// <summary>
/// All device memory of a job that is under our control: weights, values between and inside networks. One growing range
/// of addresses, cut into blocks; the smallest free block that fits is taken, neighbours that become free are joined.
/// A budget bounds the memory behind the range.
/// </summary>
/// <remarks>
/// Freed memory is handed out again at once, also while work that uses it is still queued: that is safe as long as its
/// old and its new user work in the same queue.
/// </remarks>
internal sealed class DeviceArena : IDisposable
{
    private const long Alignment = 256;

    private readonly Lock _lock = new();
    private readonly IDevice _device;
    private readonly long _chunk;
    private readonly long _rangeBytes;
    private readonly nint _range;

    // Both tile the committed part of the range; offsets are from its start.
    private readonly SortedSet<(long Length, long Offset)> _freeBySize = [];
    private readonly SortedDictionary<long, long> _freeByOffset = [];
    private readonly Dictionary<long, long> _freeByEnd = [];
    private readonly Dictionary<long, long> _used = [];

    private long _committed;
    private long _budget;

    /// <summary>An arena without memory.</summary>
    /// <param name="device">Where the memory comes from.</param>
    /// <param name="rangeBytes">Addresses to reserve: more than will ever be used.</param>
    /// <param name="chunk">The memory grows and shrinks by multiples of this, in bytes.</param>
    public DeviceArena(IDevice device, long rangeBytes, long chunk)
    {
        _device = device;
        _chunk = RoundUp(chunk, device.Granularity);
        _rangeBytes = RoundUp(rangeBytes, _chunk);
        _range = device.Reserve(_rangeBytes);
        _budget = _rangeBytes;
    }

    /// <summary>Bytes that may be committed; what is committed already stays.</summary>
    public long Budget
    {
        get => _budget;
        set => _budget = Math.Min(value / _chunk * _chunk, _rangeBytes);
    }

    /// <summary>Bytes in use now.</summary>
    public long InUse { get; private set; }

    /// <summary>The most bytes that were in use at once since <see cref="ResetPeak"/>.</summary>
    public long Peak { get; private set; }

    /// <summary>Bytes of device memory behind the range.</summary>
    public long Committed => _committed;

    /// <summary>Memory for the caller's own use.</summary>
    /// <exception cref="DeviceMemoryException">The budget or the device is exhausted.</exception>
    public nint Allocate(long bytes)
    {
        lock (_lock)
        {
            return TryAllocate(bytes) ?? throw Exhausted(bytes);
        }
    }

    /// <summary>Takes memory back.</summary>
    public void Free(nint pointer)
    {
        lock (_lock)
        {
            var offset = pointer - _range;
            if (!_used.Remove(offset, out var length))
            {
                throw new InvalidOperationException("The memory was not allocated here, or has been freed.");
            }

            InUse -= length;
            AddFree(offset, length);
        }
    }

    /// <summary>Starts <see cref="Peak"/> again from what is in use now.</summary>
    public void ResetPeak() => Peak = InUse;

    /// <summary>Gives free memory at the end of the range back to the device; call when no work is queued.</summary>
    public void Trim()
    {
        lock (_lock)
        {
            while (_committed > 0 && _freeByEnd.TryGetValue(_committed, out var offset) && _committed - offset >= _chunk)
            {
                RemoveFree(offset, _committed - offset);
                var kept = RoundUp(offset, _chunk);
                for (; _committed > kept; _committed -= _chunk)
                {
                    _device.Decommit(_range, _committed - _chunk, _chunk);
                }

                if (_committed > offset)
                {
                    AddFree(offset, _committed - offset);
                    return;
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (; _committed > 0; _committed -= _chunk)
        {
            _device.Decommit(_range, _committed - _chunk, _chunk);
        }

        _device.Release(_range, _rangeBytes);
    }

    private static long RoundUp(long value, long unit) => (value + unit - 1) / unit * unit;

    private nint? TryAllocate(long bytes)
    {
        var length = RoundUp(Math.Max(bytes, 1), Alignment);
        var fits = _freeBySize.GetViewBetween((length, 0), (long.MaxValue, long.MaxValue)).Min;
        if (fits.Length == 0)
        {
            if (!TryGrow(length))
            {
                return null;
            }

            fits = _freeBySize.GetViewBetween((length, 0), (long.MaxValue, long.MaxValue)).Min;
        }

        RemoveFree(fits.Offset, fits.Length);
        if (fits.Length > length)
        {
            AddFree(fits.Offset + length, fits.Length - length);
        }

        _used[fits.Offset] = length;
        InUse += length;
        Peak = Math.Max(Peak, InUse);
        return _range + (nint)fits.Offset;
    }

    /// <summary>Commits what is missing behind the last block, which may be free in part.</summary>
    private bool TryGrow(long length)
    {
        var tail = _freeByEnd.TryGetValue(_committed, out var offset) ? _committed - offset : 0;
        var missing = RoundUp(length - tail, _chunk);
        if (_committed + missing > _budget)
        {
            return false;
        }

        for (var grown = 0L; grown < missing; grown += _chunk)
        {
            if (!_device.TryCommit(_range, _committed, _chunk))
            {
                return false;
            }

            AddFree(_committed, _chunk);
            _committed += _chunk;
        }

        return true;
    }

    private void AddFree(long offset, long length)
    {
        if (_freeByEnd.TryGetValue(offset, out var before))
        {
            RemoveFree(before, offset - before);
            (offset, length) = (before, length + offset - before);
        }

        if (_freeByOffset.TryGetValue(offset + length, out var after))
        {
            RemoveFree(offset + length, after);
            length += after;
        }

        _freeBySize.Add((length, offset));
        _freeByOffset[offset] = length;
        _freeByEnd[offset + length] = offset;
    }

    private void RemoveFree(long offset, long length)
    {
        _freeBySize.Remove((length, offset));
        _freeByOffset.Remove(offset);
        _freeByEnd.Remove(offset + length);
    }

    private DeviceMemoryException Exhausted(long bytes) =>
        new(
            bytes,
            Invariant($"{_device.Name} has no room for {bytes >> 20} MiB more: {InUse >> 20} MiB are in use, ")
                + Invariant($"{_committed >> 20} MiB taken of a budget of {_budget >> 20} MiB, {_device.Memory.Free >> 20} MiB of the device are free.")
        );
}

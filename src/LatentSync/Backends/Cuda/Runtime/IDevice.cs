namespace LatentSync.Backends.Cuda.Runtime;

/// <summary>
/// Memory and queues of a device that networks run on. Pointers are the device's own: the program may not read them. Not
/// safe for several threads at once.
/// </summary>
internal interface IDevice : IDisposable
{
    /// <summary>Name for people, such as <c>NVIDIA H100 80GB HBM3</c>.</summary>
    string Name { get; }

    /// <summary>The unit in which memory is committed, in bytes.</summary>
    long Granularity { get; }

    /// <summary>The device's memory and what of it is free now, for all processes, in bytes.</summary>
    (long Total, long Free) Memory { get; }

    /// <summary>Reserves a range of addresses, without memory behind it.</summary>
    nint Reserve(long bytes);

    /// <summary>Puts memory behind a part of a reserved range; offset and length are multiples of <see cref="Granularity"/>.</summary>
    /// <returns>False if the device has none left.</returns>
    bool TryCommit(nint range, long offset, long bytes);

    /// <summary>Takes the memory of one earlier <see cref="TryCommit"/> away again.</summary>
    void Decommit(nint range, long offset, long bytes);

    /// <summary>Gives a range back, which must be without memory.</summary>
    void Release(nint range, long bytes);

    /// <summary>
    /// Host memory that the device copies from and to by itself, and reads and writes under the same address, slowly; throws if
    /// there is none.
    /// </summary>
    nint AllocatePinned(long bytes);

    /// <summary>Frees pinned memory.</summary>
    void FreePinned(nint pointer);

    /// <summary>Queues a copy; either side may be on the device or pinned.</summary>
    void Copy(nint destination, nint source, long bytes, CopyDirection direction, DeviceStream stream);

    /// <summary>A mark in a queue, to be used again and again.</summary>
    nint CreateEvent();

    /// <summary>Frees an event.</summary>
    void DestroyEvent(nint mark);

    /// <summary>Sets the mark behind everything that is in the queue now.</summary>
    void Record(nint mark, DeviceStream stream);

    /// <summary>The queue continues only when the mark has been reached.</summary>
    void WaitFor(nint mark, DeviceStream stream);

    /// <summary>Milliseconds between two marks that have been reached.</summary>
    double ElapsedMilliseconds(nint from, nint to);

    /// <summary>Waits until the mark has been reached.</summary>
    void Synchronize(nint mark);

    /// <summary>Waits until both queues are empty.</summary>
    void Synchronize();
}

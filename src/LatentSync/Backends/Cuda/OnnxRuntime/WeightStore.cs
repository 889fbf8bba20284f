using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.Runtime;

namespace LatentSync.Backends.Cuda.OnnxRuntime;

/// <summary>
/// The weights of a device: some lie there for good, the others wait in pinned host memory and are copied into places that
/// they share while the networks before them run.
/// </summary>
/// <remarks>Uses come in the order in which the blocks were added, again and again; what comes next is fetched ahead.</remarks>
internal sealed class WeightStore : IDisposable
{
    private readonly DeviceRuntime _runtime;
    private readonly IWeightReader _reader;
    private readonly List<Entry> _entries = [];
    private readonly List<Slot> _slots = [];
    private readonly List<Entry> _streamed = [];

    /// <summary>An empty store.</summary>
    public WeightStore(DeviceRuntime runtime, IWeightReader reader) => (_runtime, _reader) = (runtime, reader);

    /// <summary>Bytes of all weights.</summary>
    public long Bytes => _entries.Sum(entry => entry.Block.Bytes);

    /// <summary>Bytes that lie on the device for good, or are places for the others.</summary>
    public long DeviceBytes => _entries.Where(entry => entry.Resident is not null).Sum(entry => entry.Block.Bytes) + _slots.Sum(slot => slot.Buffer.Bytes);

    /// <summary>Bytes that are copied for each pass over all blocks.</summary>
    public long StreamedBytes => _streamed.Sum(entry => entry.Block.Bytes);

    /// <summary>Bytes of each block, in the order of use.</summary>
    public IReadOnlyList<long> BlockBytes => [.. _entries.Select(entry => entry.Block.Bytes)];

    /// <summary>
    /// Device bytes that blocks need when at most <paramref name="resident"/> of them may stay: the first ones stay, the
    /// others share places of the largest one's size.
    /// </summary>
    /// <param name="blocks">Sizes in the order of use.</param>
    /// <param name="resident">Bytes of the device for all of it.</param>
    /// <param name="places">Places for the blocks that do not stay: with 2 the next is fetched while one is in use.</param>
    public static (long DeviceBytes, int ResidentBlocks) Layout(IReadOnlyList<long> blocks, long resident, int places)
    {
        if (blocks.Sum() <= resident)
        {
            return (blocks.Sum(), blocks.Count);
        }

        for (var count = blocks.Count - 1; count > 0; count--)
        {
            var needed = blocks.Take(count).Sum() + (places * blocks.Skip(count).Max());
            if (needed <= resident)
            {
                return (needed, count);
            }
        }

        return (places * blocks.Max(), 0);
    }

    /// <summary>Announces a block; its place in the order of use is the place of the call.</summary>
    public void Add(WeightBlock block) => _entries.Add(new Entry(block));

    /// <summary>Reads all weights and puts as many as fit on the device.</summary>
    /// <param name="resident">Device bytes for all of it.</param>
    /// <param name="places">Places for the blocks that do not stay.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    /// <exception cref="DeviceMemoryException">The device has too little memory.</exception>
    public void Load(long resident, int places, CancellationToken cancellationToken)
    {
        var (_, count) = Layout([.. _entries.Select(entry => entry.Block.Bytes)], resident, places);
        _streamed.AddRange(_entries.Skip(count));
        for (var i = 0; i < Math.Min(_streamed.Count, places); i++)
        {
            _slots.Add(new Slot(_runtime, _streamed.Max(entry => entry.Block.Bytes)));
        }

        foreach (var entry in _entries.Take(count))
        {
            entry.Resident = new DeviceBuffer(_runtime.Arena, entry.Block.Bytes);
        }

        if (_runtime.IsDry)
        {
            return;
        }

        foreach (var entry in _streamed)
        {
            entry.Host = new PinnedBuffer(_runtime.Device, entry.Block.Bytes);
        }

        // Converting is work for all cores; the queue of copies is not.
        Parallel.ForEach(_streamed, new ParallelOptions { CancellationToken = cancellationToken }, entry => entry.Block.Fill(_reader, entry.Host!.Pointer));
        Upload([.. _entries.Take(count)], cancellationToken);
    }

    /// <summary>Where on the device the block is whenever it is in use.</summary>
    public nint PlaceOf(WeightBlock block) => Find(block) is { Resident: { } resident } ? resident.Pointer : SlotOf(Find(block)).Buffer.Pointer;

    /// <summary>The block's place on the device, when the compute queue may use it; ends with <see cref="Release"/>.</summary>
    public nint Acquire(WeightBlock block)
    {
        var entry = Find(block);
        if (entry.Resident is { } resident)
        {
            return resident.Pointer;
        }

        if (_runtime.IsDry)
        {
            return _slots[0].Buffer.Pointer;
        }

        var slot = SlotOf(entry);
        if (slot.Holds != entry)
        {
            Fetch(entry, slot);
        }

        _runtime.Device.WaitFor(slot.Arrived, DeviceStream.Compute);
        var next = _streamed[(_streamed.IndexOf(entry) + 1) % _streamed.Count];
        if (SlotOf(next) != slot && SlotOf(next).Holds != next)
        {
            Fetch(next, SlotOf(next));
        }

        return slot.Buffer.Pointer;
    }

    /// <summary>Everything queued so far uses the block; what is queued later does not.</summary>
    public void Release(WeightBlock block)
    {
        if (_slots.Find(slot => slot.Holds?.Block == block) is { } used)
        {
            _runtime.Device.Record(used.Done, DeviceStream.Compute);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runtime.Device.Synchronize();
        foreach (var entry in _entries)
        {
            entry.Resident?.Dispose();
            entry.Host?.Dispose();
        }

        foreach (var slot in _slots)
        {
            slot.Dispose();
        }
    }

    private Entry Find(WeightBlock block) => _entries.First(entry => entry.Block == block);

    /// <summary>Each streamed block has one place, since sessions may be tied to it; neighbours have different ones.</summary>
    private Slot SlotOf(Entry entry) => _slots[_streamed.IndexOf(entry) % _slots.Count];

    private void Fetch(Entry entry, Slot slot)
    {
        _runtime.Device.WaitFor(slot.Done, DeviceStream.Transfer);
        _runtime.Device.Copy(slot.Buffer.Pointer, entry.Host!.Pointer, entry.Block.Bytes, CopyDirection.ToDevice, DeviceStream.Transfer);
        _runtime.Device.Record(slot.Arrived, DeviceStream.Transfer);
        slot.Holds = entry;
    }

    private void Upload(Entry[] entries, CancellationToken cancellationToken)
    {
        // A few blocks at a time, so that the computer never holds all weights twice.
        var batch = Math.Max(1, Environment.ProcessorCount);
        for (var start = 0; start < entries.Length; start += batch)
        {
            var part = entries.Skip(start).Take(batch).Select(entry => (Entry: entry, Staging: new PinnedBuffer(_runtime.Device, entry.Block.Bytes))).ToArray();
            try
            {
                Parallel.ForEach(part, new ParallelOptions { CancellationToken = cancellationToken }, pair =>
                    pair.Entry.Block.Fill(_reader, pair.Staging.Pointer)
                );
                foreach (var (entry, staging) in part)
                {
                    _runtime.Device.Copy(entry.Resident!.Pointer, staging.Pointer, entry.Block.Bytes, CopyDirection.ToDevice, DeviceStream.Compute);
                }

                _runtime.Device.Synchronize();
            }
            finally
            {
                foreach (var (_, staging) in part)
                {
                    staging.Dispose();
                }
            }
        }
    }

    private sealed class Entry(WeightBlock block)
    {
        public WeightBlock Block => block;

        public DeviceBuffer? Resident { get; set; }

        public PinnedBuffer? Host { get; set; }
    }

    private sealed class Slot(DeviceRuntime runtime, long bytes) : IDisposable
    {
        public DeviceBuffer Buffer { get; } = new(runtime.Arena, bytes);

        public nint Arrived { get; } = runtime.Device.CreateEvent();

        public nint Done { get; } = runtime.Device.CreateEvent();

        public Entry? Holds { get; set; }

        public void Dispose()
        {
            Buffer.Dispose();
            runtime.Device.DestroyEvent(Arrived);
            runtime.Device.DestroyEvent(Done);
        }
    }
}

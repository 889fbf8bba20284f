using System.Text;
using AccessDescription = LatentSync.Backends.Cuda.Runtime.CudaDriver.AccessDescription;
using AllocationProperties = LatentSync.Backends.Cuda.Runtime.CudaDriver.AllocationProperties;

namespace LatentSync.Backends.Cuda.Runtime;

/// <summary>
/// An NVIDIA card through the driver's interface. Memory is created in pieces and mapped into one range of addresses
/// (CUDA's virtual memory management), so that an arena grows and shrinks without fragments. All calls must come from
/// the thread that made the device: that is where its context is current.
/// </summary>
internal sealed unsafe class CudaDevice : IDevice
{
    private const int Pinned = 1;
    private const int DeviceLocation = 1;
    private const int ReadWrite = 3;
    private const int NonBlocking = 1;
    private const int RecommendedGranularity = 1;
    private const int OutOfMemory = 2;
    private const int ComputeCapabilityMajor = 75;
    private const int ComputeCapabilityMinor = 76;
    private const int Multiprocessors = 16;
    private const int LongestName = 256;

    private readonly CudaDriver _driver;
    private readonly int _device;
    private readonly nint[] _streams = new nint[2];
    private readonly Dictionary<nint, ulong> _mapped = [];
    private AllocationProperties _properties;
    private bool _hasFailed;

    /// <summary>Opens a card.</summary>
    /// <param name="index">Its number among the cards CUDA shows.</param>
    /// <exception cref="LipSyncException">There is no such card, or the driver refuses it.</exception>
    public CudaDevice(int index)
    {
        _driver = CudaDriver.Load();
        Index = index;
        Check(_driver.Init(0), "start");
        int count,
            device;
        Check(_driver.DeviceGetCount(&count), "be counted");
        if (index < 0 || index >= count)
        {
            throw new LipSyncException(
                LipSyncErrorCode.DeviceUnavailable,
                count == 0
                    ? $"CUDA shows no card; see nvidia-smi, or run with {OptionReference.Cpu}."
                    : (FormattableString)$"There is no cuda:{index}; this machine has cuda:0 to cuda:{count - 1}."
            );
        }

        Check(_driver.DeviceGet(&device, index), "open");
        _device = device;
        var name = stackalloc byte[LongestName];
        Check(_driver.DeviceGetName(name, LongestName, device), "tell its name");
        Name = Encoding.UTF8.GetString(name, new Span<byte>(name, LongestName).IndexOf((byte)0));
        ComputeCapability = (Attribute(ComputeCapabilityMajor), Attribute(ComputeCapabilityMinor));
        MultiprocessorCount = Attribute(Multiprocessors);
        Check(_driver.DeviceGetPciBusId(name, LongestName, device), "tell its place");
        PciBusId = Encoding.UTF8.GetString(name, new Span<byte>(name, LongestName).IndexOf((byte)0));
        nint context;
        Check(_driver.PrimaryContextRetain(&context, device), "make a context");
        Check(_driver.ContextSetCurrent(context), "use its context");
        for (var i = 0; i < _streams.Length; i++)
        {
            nint stream;
            Check(_driver.StreamCreate(&stream, NonBlocking), "make a stream");
            _streams[i] = stream;
        }

        _properties = new AllocationProperties
        {
            Type = Pinned,
            LocationType = DeviceLocation,
            LocationId = device,
        };
        nuint granularity;
        var properties = _properties;
        Check(_driver.GetAllocationGranularity(&granularity, &properties, RecommendedGranularity), "tell its page size");
        Granularity = (long)granularity;
    }

    /// <summary>The card's number among those CUDA shows.</summary>
    public int Index { get; }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Such as (9, 0) for an H100; decides what the card can do.</summary>
    public (int Major, int Minor) ComputeCapability { get; }

    /// <summary>Streaming multiprocessors.</summary>
    public int MultiprocessorCount { get; }

    /// <summary>The card's place on the PCI bus, by which NVML finds it.</summary>
    public string PciBusId { get; }

    /// <summary>The queue that networks run in, as CUDA's handle.</summary>
    public nint ComputeStream => _streams[(int)DeviceStream.Compute];

    /// <inheritdoc/>
    public long Granularity { get; }

    /// <inheritdoc/>
    public (long Total, long Free) Memory
    {
        get
        {
            nuint free,
                total;
            Check(_driver.MemoryGetInfo(&free, &total), "tell its memory");
            return ((long)total, (long)free);
        }
    }

    /// <inheritdoc/>
    public nint Reserve(long bytes)
    {
        nint range;
        Check(_driver.AddressReserve(&range, (nuint)bytes, 0, 0, 0), "reserve addresses");
        return range;
    }

    /// <inheritdoc/>
    public bool TryCommit(nint range, long offset, long bytes)
    {
        ulong handle;
        var properties = _properties;
        var result = _driver.MemoryCreate(&handle, (nuint)bytes, &properties, 0);
        if (result == OutOfMemory)
        {
            return false;
        }

        Check(result, "allocate memory");
        var pointer = range + (nint)offset;
        result = _driver.MemoryMap(pointer, (nuint)bytes, 0, handle, 0);
        if (result == 0)
        {
            var access = new AccessDescription
            {
                LocationType = DeviceLocation,
                LocationId = _device,
                Flags = ReadWrite,
            };
            result = _driver.MemorySetAccess(pointer, (nuint)bytes, &access, 1);
            if (result == OutOfMemory)
            {
                CheckEnd(_driver.MemoryUnmap(pointer, (nuint)bytes), "unmap memory");
            }
        }

        // Tables of pages take memory too.
        if (result == OutOfMemory)
        {
            CheckEnd(_driver.MemoryRelease(handle), "free memory");
            return false;
        }

        Check(result, "map memory");
        _mapped[pointer] = handle;
        return true;
    }

    /// <inheritdoc/>
    public void Decommit(nint range, long offset, long bytes)
    {
        var pointer = range + (nint)offset;
        CheckEnd(_driver.MemoryUnmap(pointer, (nuint)bytes), "unmap memory");
        _mapped.Remove(pointer, out var handle);
        CheckEnd(_driver.MemoryRelease(handle), "free memory");
    }

    /// <inheritdoc/>
    public void Release(nint range, long bytes) => CheckEnd(_driver.AddressFree(range, (nuint)bytes), "free addresses");

    /// <inheritdoc/>
    public nint AllocatePinned(long bytes)
    {
        nint pointer;
        Check(_driver.HostAllocate(&pointer, (nuint)bytes, 0), Invariant($"pin {bytes >> 20} MiB of the computer's memory"));
        return pointer;
    }

    /// <inheritdoc/>
    public void FreePinned(nint pointer) => CheckEnd(_driver.HostFree(pointer), "free pinned memory");

    /// <inheritdoc/>
    public void Copy(nint destination, nint source, long bytes, CopyDirection direction, DeviceStream stream)
    {
        var queue = _streams[(int)stream];
        Check(
            direction == CopyDirection.ToDevice
                ? _driver.CopyToDevice(destination, source, (nuint)bytes, queue)
                : _driver.CopyToHost(destination, source, (nuint)bytes, queue),
            "copy"
        );
    }

    /// <inheritdoc/>
    public nint CreateEvent()
    {
        nint mark;
        Check(_driver.EventCreate(&mark, 0), "make an event");
        return mark;
    }

    /// <inheritdoc/>
    public void DestroyEvent(nint mark) => CheckEnd(_driver.EventDestroy(mark), "free an event");

    /// <inheritdoc/>
    public void Record(nint mark, DeviceStream stream) => Check(_driver.EventRecord(mark, _streams[(int)stream]), "record an event");

    /// <inheritdoc/>
    public void WaitFor(nint mark, DeviceStream stream) => Check(_driver.StreamWaitEvent(_streams[(int)stream], mark, 0), "wait for an event");

    /// <inheritdoc/>
    public double ElapsedMilliseconds(nint from, nint to)
    {
        float milliseconds;
        Check(_driver.EventElapsedTime(&milliseconds, from, to), "tell a time");
        return milliseconds;
    }

    /// <inheritdoc/>
    public void Synchronize(nint mark) => Check(_driver.EventSynchronize(mark), "finish its work");

    /// <inheritdoc/>
    public void Synchronize()
    {
        foreach (var stream in _streams)
        {
            CheckEnd(_driver.StreamSynchronize(stream), "finish its work");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var stream in _streams)
        {
            CheckEnd(_driver.StreamDestroy(stream), "close a stream");
        }

        CheckEnd(_driver.PrimaryContextRelease(_device), "close its context");
    }

    private void Check(int result, string what)
    {
        _hasFailed |= result != 0;
        _driver.Check(result, what);
    }

    /// <summary>
    /// For what comes at the end: on a card that is lost every call fails, and what was told before is the cause. All has to
    /// be closed nevertheless, since ONNX Runtime aborts the process if a session is left.
    /// </summary>
    private void CheckEnd(int result, string what)
    {
        if (!_hasFailed)
        {
            Check(result, what);
        }
    }

    private int Attribute(int attribute)
    {
        int value;
        Check(_driver.DeviceGetAttribute(&value, attribute, _device), "tell what it is");
        return value;
    }
}

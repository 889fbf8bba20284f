using System.Runtime.InteropServices;
using System.Text;

namespace LatentSync.Backends.Cuda.Monitoring;

/// <summary>
/// NVML, the part of NVIDIA's driver that tells about cards, loaded at run time. All functions may be called from several
/// threads. The library stays loaded until the process ends; disposing only ends the session with the driver.
/// </summary>
internal sealed unsafe class NvmlLibrary : IDisposable
{
    // Buffer sizes and numbers of nvml.h.
    private const int VersionLength = 80; // NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE
    private const int NameLength = 96; // NVML_DEVICE_NAME_V2_BUFFER_SIZE
    private const int Success = 0;
    private const int InsufficientSize = 7;
    private const int DieTemperature = 0; // NVML_TEMPERATURE_GPU
    private const int CudaMajorUnit = 1000;
    private const int CudaMinorUnit = 10;

    private const int ProcessCapacity = 64;
    private const int MostProcesses = 65_536;

    private readonly nint _handle;
    private int _closed;

    private NvmlLibrary(nint handle)
    {
        _handle = handle;
        Check(((delegate* unmanaged<int>)Function("nvmlInit_v2"))(), "nvmlInit_v2");
    }

    /// <summary>The library's file names, to be found by the system's loader. WSL has it in a folder of its own.</summary>
    public static IReadOnlyList<string> DefaultPaths { get; } =
        OperatingSystem.IsWindows() ? [Path.Combine(Environment.SystemDirectory, "nvml.dll")] : ["libnvidia-ml.so.1", "/usr/lib/wsl/lib/libnvidia-ml.so.1"];

    /// <summary>Loads the library and opens a session with the driver.</summary>
    /// <param name="paths">The first that can be loaded is taken.</param>
    /// <param name="problem">Why there is none: a clause without a full stop; null if there is one.</param>
    /// <returns>The library; null if there is none or the driver does not answer.</returns>
    public static NvmlLibrary? Open(IReadOnlyList<string> paths, out FormattableString? problem)
    {
        var handle = paths.Select(path => NativeLibrary.TryLoad(path, out var loaded) ? loaded : 0).FirstOrDefault(loaded => loaded != 0);
        if (handle == 0)
        {
            problem = $"NVIDIA's management library ({Path.GetFileName(paths[0])}) is not installed";
            return null;
        }

        try
        {
            problem = null;
            return new NvmlLibrary(handle);
        }
        catch (GpuProbeException error)
        {
            problem = error.Sentence;
            return null;
        }
    }

    /// <summary>How many cards this process may see.</summary>
    /// <exception cref="GpuProbeException">The driver answers with an error; likewise for all members below.</exception>
    public int CountCards()
    {
        uint count;
        Check(((delegate* unmanaged<uint*, int>)Function("nvmlDeviceGetCount_v2"))(&count), "nvmlDeviceGetCount_v2");
        return int.CreateSaturating(count);
    }

    /// <summary>The handle of a card by NVML's number.</summary>
    public nint Find(int index)
    {
        nint device;
        Check(
            ((delegate* unmanaged<uint, nint*, int>)Function("nvmlDeviceGetHandleByIndex_v2"))(checked((uint)index), &device),
            "nvmlDeviceGetHandleByIndex_v2"
        );
        return device;
    }

    /// <summary>The handle of a card by its PCI bus id, which CUDA knows too (cuDeviceGetPCIBusId).</summary>
    public nint Find(string pciBusId)
    {
        nint device;
        fixed (byte* text = Encoding.ASCII.GetBytes(pciBusId + '\0'))
        {
            Check(((delegate* unmanaged<byte*, nint*, int>)Function("nvmlDeviceGetHandleByPciBusId_v2"))(text, &device), "nvmlDeviceGetHandleByPciBusId_v2");
        }

        return device;
    }

    /// <summary>What does not change about a card.</summary>
    public GpuCard Describe(nint device)
    {
        uint index;
        int cuda;
        NvmlPci pci;
        Span<byte> name = stackalloc byte[NameLength];
        Span<byte> driver = stackalloc byte[VersionLength];
        Check(((delegate* unmanaged<nint, uint*, int>)Function("nvmlDeviceGetIndex"))(device, &index), "nvmlDeviceGetIndex");
        Check(((delegate* unmanaged<nint, NvmlPci*, int>)Function("nvmlDeviceGetPciInfo_v3"))(device, &pci), "nvmlDeviceGetPciInfo_v3");
        Check(((delegate* unmanaged<int*, int>)Function("nvmlSystemGetCudaDriverVersion_v2"))(&cuda), "nvmlSystemGetCudaDriverVersion_v2");
        fixed (byte* text = name)
        {
            Check(((delegate* unmanaged<nint, byte*, uint, int>)Function("nvmlDeviceGetName"))(device, text, NameLength), "nvmlDeviceGetName");
        }

        fixed (byte* text = driver)
        {
            Check(((delegate* unmanaged<byte*, uint, int>)Function("nvmlSystemGetDriverVersion"))(text, VersionLength), "nvmlSystemGetDriverVersion");
        }

        return new GpuCard(
            int.CreateSaturating(index),
            Text(name),
            Text(pci.BusId),
            Text(driver),
            new Version(cuda / CudaMajorUnit, cuda % CudaMajorUnit / CudaMinorUnit)
        );
    }

    /// <summary>Memory and load of a card now. Only the card's memory must be told; virtual and divided cards hide the rest.</summary>
    public GpuReading Read(nint device)
    {
        NvmlMemory memory;
        NvmlUtilization load;
        uint degrees;
        Check(((delegate* unmanaged<nint, NvmlMemory*, int>)Function("nvmlDeviceGetMemoryInfo"))(device, &memory), "nvmlDeviceGetMemoryInfo");
        var hasLoad = ((delegate* unmanaged<nint, NvmlUtilization*, int>)Function("nvmlDeviceGetUtilizationRates"))(device, &load) == Success;
        var hasDegrees = ((delegate* unmanaged<nint, int, uint*, int>)Function("nvmlDeviceGetTemperature"))(device, DieTemperature, &degrees) == Success;
        return new GpuReading(
            long.CreateSaturating(memory.Total),
            long.CreateSaturating(memory.Used),
            long.CreateSaturating(memory.Free),
            MemoryOf(Environment.ProcessId, device),
            hasLoad ? int.CreateSaturating(load.Gpu) : null,
            hasDegrees ? int.CreateSaturating(degrees) : null
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0 && NativeLibrary.TryGetExport(_handle, "nvmlShutdown", out var shutdown))
        {
            // Nothing can be done about a failure at the end.
            _ = ((delegate* unmanaged<int>)shutdown)();
        }
    }

    /// <summary>The memory that a process holds on a card; null if the driver does not list it. A divided card lists it once per part.</summary>
    private long? MemoryOf(int process, nint device)
    {
        if (
            !NativeLibrary.TryGetExport(_handle, "nvmlDeviceGetComputeRunningProcesses_v3", out var list)
            && !NativeLibrary.TryGetExport(_handle, "nvmlDeviceGetComputeRunningProcesses_v2", out list)
        )
        {
            return null;
        }

        for (var capacity = ProcessCapacity; capacity <= MostProcesses; capacity *= 2)
        {
            var found = new NvmlProcess[capacity];
            var count = (uint)capacity;
            int code;
            fixed (NvmlProcess* first = found)
            {
                code = ((delegate* unmanaged<nint, uint*, NvmlProcess*, int>)list)(device, &count, first);
            }

            // New processes may have started since, so the count that comes back is no promise.
            if (code != InsufficientSize)
            {
                ulong[] sizes =
                    code == Success
                        ?
                        [
                            .. found
                                .Take(int.CreateSaturating(count))
                                .Where(entry => entry.Id == process && entry.UsedMemory != NvmlProcess.NotAvailable)
                                .Select(entry => entry.UsedMemory),
                        ]
                        : [];
                return sizes.Length == 0 ? null : long.CreateSaturating(sizes.Aggregate(UInt128.Zero, (sum, size) => sum + size));
            }
        }

        return null;
    }

    private nint Function(string name) =>
        NativeLibrary.TryGetExport(_handle, name, out var address)
            ? address
            : throw new GpuProbeException($"NVIDIA's management library lacks {name}, so the driver is too old");

    private void Check(int code, string function)
    {
        if (code != Success)
        {
            throw new GpuProbeException($"NVIDIA's driver answers {function} with \"{Explain(code)}\" ({code})");
        }
    }

    private string Explain(int code) =>
        NativeLibrary.TryGetExport(_handle, "nvmlErrorString", out var explain)
            ? Marshal.PtrToStringUTF8(((delegate* unmanaged<int, nint>)explain)(code)) ?? "unknown"
            : "unknown";

    private static string Text(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
    }
}

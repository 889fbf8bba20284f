using System.Runtime.InteropServices;
using LatentSync.Backends.Cuda.Libraries;

namespace LatentSync.Backends.Cuda.Runtime;

/// <summary>
/// The functions of the CUDA driver that the program calls itself, found at run time. Names and arguments are those of
/// the CUDA Driver API reference; results other than 0 are errors.
/// </summary>
internal sealed unsafe class CudaDriver
{
    private const int OutOfMemory = 2;

    private readonly nint _library;
    private readonly delegate* unmanaged<int, byte**, int> _getErrorName;
    private readonly delegate* unmanaged<int, byte**, int> _getErrorString;

    private CudaDriver(nint library)
    {
        _library = library;
        _getErrorName = (delegate* unmanaged<int, byte**, int>)Export("cuGetErrorName");
        _getErrorString = (delegate* unmanaged<int, byte**, int>)Export("cuGetErrorString");
        Init = (delegate* unmanaged<uint, int>)Export("cuInit");
        DeviceGet = (delegate* unmanaged<int*, int, int>)Export("cuDeviceGet");
        DeviceGetCount = (delegate* unmanaged<int*, int>)Export("cuDeviceGetCount");
        DeviceGetName = (delegate* unmanaged<byte*, int, int, int>)Export("cuDeviceGetName");
        DeviceGetPciBusId = (delegate* unmanaged<byte*, int, int, int>)Export("cuDeviceGetPCIBusId");
        DeviceGetAttribute = (delegate* unmanaged<int*, int, int, int>)Export("cuDeviceGetAttribute");
        PrimaryContextRetain = (delegate* unmanaged<nint*, int, int>)Export("cuDevicePrimaryCtxRetain");
        PrimaryContextRelease = (delegate* unmanaged<int, int>)Export("cuDevicePrimaryCtxRelease_v2");
        ContextSetCurrent = (delegate* unmanaged<nint, int>)Export("cuCtxSetCurrent");
        MemoryGetInfo = (delegate* unmanaged<nuint*, nuint*, int>)Export("cuMemGetInfo_v2");
        AddressReserve = (delegate* unmanaged<nint*, nuint, nuint, nint, ulong, int>)Export("cuMemAddressReserve");
        AddressFree = (delegate* unmanaged<nint, nuint, int>)Export("cuMemAddressFree");
        MemoryCreate = (delegate* unmanaged<ulong*, nuint, AllocationProperties*, ulong, int>)Export("cuMemCreate");
        MemoryRelease = (delegate* unmanaged<ulong, int>)Export("cuMemRelease");
        MemoryMap = (delegate* unmanaged<nint, nuint, nuint, ulong, ulong, int>)Export("cuMemMap");
        MemoryUnmap = (delegate* unmanaged<nint, nuint, int>)Export("cuMemUnmap");
        MemorySetAccess = (delegate* unmanaged<nint, nuint, AccessDescription*, nuint, int>)Export("cuMemSetAccess");
        GetAllocationGranularity = (delegate* unmanaged<nuint*, AllocationProperties*, int, int>)Export("cuMemGetAllocationGranularity");
        HostAllocate = (delegate* unmanaged<nint*, nuint, uint, int>)Export("cuMemHostAlloc");
        HostFree = (delegate* unmanaged<nint, int>)Export("cuMemFreeHost");
        CopyToDevice = (delegate* unmanaged<nint, nint, nuint, nint, int>)Export("cuMemcpyHtoDAsync_v2");
        CopyToHost = (delegate* unmanaged<nint, nint, nuint, nint, int>)Export("cuMemcpyDtoHAsync_v2");
        StreamCreate = (delegate* unmanaged<nint*, uint, int>)Export("cuStreamCreate");
        StreamDestroy = (delegate* unmanaged<nint, int>)Export("cuStreamDestroy_v2");
        StreamSynchronize = (delegate* unmanaged<nint, int>)Export("cuStreamSynchronize");
        StreamWaitEvent = (delegate* unmanaged<nint, nint, uint, int>)Export("cuStreamWaitEvent");
        EventCreate = (delegate* unmanaged<nint*, uint, int>)Export("cuEventCreate");
        EventDestroy = (delegate* unmanaged<nint, int>)Export("cuEventDestroy_v2");
        EventRecord = (delegate* unmanaged<nint, nint, int>)Export("cuEventRecord");
        EventSynchronize = (delegate* unmanaged<nint, int>)Export("cuEventSynchronize");
        EventElapsedTime = (delegate* unmanaged<float*, nint, nint, int>)Export("cuEventElapsedTime");
    }

    public delegate* unmanaged<uint, int> Init { get; }

    public delegate* unmanaged<int*, int, int> DeviceGet { get; }

    public delegate* unmanaged<int*, int> DeviceGetCount { get; }

    public delegate* unmanaged<byte*, int, int, int> DeviceGetName { get; }

    public delegate* unmanaged<byte*, int, int, int> DeviceGetPciBusId { get; }

    public delegate* unmanaged<int*, int, int, int> DeviceGetAttribute { get; }

    public delegate* unmanaged<nint*, int, int> PrimaryContextRetain { get; }

    public delegate* unmanaged<int, int> PrimaryContextRelease { get; }

    public delegate* unmanaged<nint, int> ContextSetCurrent { get; }

    public delegate* unmanaged<nuint*, nuint*, int> MemoryGetInfo { get; }

    public delegate* unmanaged<nint*, nuint, nuint, nint, ulong, int> AddressReserve { get; }

    public delegate* unmanaged<nint, nuint, int> AddressFree { get; }

    public delegate* unmanaged<ulong*, nuint, AllocationProperties*, ulong, int> MemoryCreate { get; }

    public delegate* unmanaged<ulong, int> MemoryRelease { get; }

    public delegate* unmanaged<nint, nuint, nuint, ulong, ulong, int> MemoryMap { get; }

    public delegate* unmanaged<nint, nuint, int> MemoryUnmap { get; }

    public delegate* unmanaged<nint, nuint, AccessDescription*, nuint, int> MemorySetAccess { get; }

    public delegate* unmanaged<nuint*, AllocationProperties*, int, int> GetAllocationGranularity { get; }

    public delegate* unmanaged<nint*, nuint, uint, int> HostAllocate { get; }

    public delegate* unmanaged<nint, int> HostFree { get; }

    public delegate* unmanaged<nint, nint, nuint, nint, int> CopyToDevice { get; }

    public delegate* unmanaged<nint, nint, nuint, nint, int> CopyToHost { get; }

    public delegate* unmanaged<nint*, uint, int> StreamCreate { get; }

    public delegate* unmanaged<nint, int> StreamDestroy { get; }

    public delegate* unmanaged<nint, int> StreamSynchronize { get; }

    public delegate* unmanaged<nint, nint, uint, int> StreamWaitEvent { get; }

    public delegate* unmanaged<nint*, uint, int> EventCreate { get; }

    public delegate* unmanaged<nint, int> EventDestroy { get; }

    public delegate* unmanaged<nint, nint, int> EventRecord { get; }

    public delegate* unmanaged<nint, int> EventSynchronize { get; }

    public delegate* unmanaged<float*, nint, nint, int> EventElapsedTime { get; }

    /// <summary>Loads the driver's library.</summary>
    /// <exception cref="LipSyncException">There is no NVIDIA driver, or it is too old to have all functions.</exception>
    public static CudaDriver Load()
    {
        if (DriverLibrary.Find().Path is not { } path || !NativeLibrary.TryLoad(path, out var library))
        {
            throw new LipSyncException(
                LipSyncErrorCode.DeviceUnavailable,
                $"There is no NVIDIA driver on this machine ({DriverLibrary.FileName} cannot be loaded); install it, or run with {OptionReference.Cpu}."
            );
        }

        try
        {
            return new CudaDriver(library);
        }
        catch (EntryPointNotFoundException error)
        {
            throw CudaRelease.All(OperatingSystem.IsWindows())[^1].DriverTooOld(error.Message, error);
        }
    }

    /// <summary>Throws unless a call has succeeded.</summary>
    public void Check(int result, string what)
    {
        if (result != 0)
        {
            byte* name = null;
            byte* text = null;
            _ = _getErrorName(result, &name);
            _ = _getErrorString(result, &text);
            var (error, reason) = (Marshal.PtrToStringUTF8((nint)name), Marshal.PtrToStringUTF8((nint)text));
            if (result == OutOfMemory)
            {
                throw new DeviceMemoryException(0, $"The GPU has too little memory to {what}: {error} ({reason}).");
            }

            throw new LipSyncException(
                LipSyncErrorCode.InferenceFailed,
                $"The GPU failed to {what}: {error} ({reason}, {result}); see what else runs on it with nvidia-smi, or run with {OptionReference.Cpu}."
            );
        }
    }

    private nint Export(string name) => NativeLibrary.GetExport(_library, name);

    /// <summary><c>CUmemAllocationProp</c>: what kind of memory is created, and where.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct AllocationProperties
    {
        public int Type;
        public int RequestedHandleTypes;
        public int LocationType;
        public int LocationId;
        public nint Win32HandleMetaData;
        public ulong Flags;
    }

    /// <summary><c>CUmemAccessDesc</c>: who may read and write mapped memory.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct AccessDescription
    {
        public int LocationType;
        public int LocationId;
        public int Flags;
    }
}

using System.Runtime.InteropServices;
using LatentSync.Backends.Cuda.Libraries;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.Runtime;

namespace LatentSync.Backends.Cuda.Bindings;

/// <summary>
/// The functions of the CUDA driver that load and launch kernels; memory, streams and events are <see cref="CudaDevice"/>'s.
/// Names and arguments are those of the CUDA Driver API reference.
/// </summary>
internal sealed unsafe class KernelDriver
{
    private const int MaxDynamicSharedBytes = 8;
    private const int TensorMapBytes = 128;
    private const int Float16 = 6;
    private const int BFloat16 = 9;
    private const int Swizzle128Bytes = 3;
    private const int Promote256Bytes = 3;

    private readonly NativeFunctions _library;

    private readonly CudaDriver _errors = CudaDriver.Load();
    private readonly delegate* unmanaged<nint*, byte*, int> _loadModule;
    private readonly delegate* unmanaged<nint, int> _unloadModule;
    private readonly delegate* unmanaged<nint*, nint, byte*, int> _getFunction;
    private readonly delegate* unmanaged<nint, int, int, int> _setAttribute;
    private readonly delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int> _launch;

    /// <summary>Finds the functions in the driver's library.</summary>
    /// <exception cref="LipSyncException">There is no NVIDIA driver.</exception>
    public KernelDriver()
    {
        var library = _library = new NativeFunctions("the NVIDIA driver", DriverLibrary.FileName);
        _loadModule = (delegate* unmanaged<nint*, byte*, int>)library["cuModuleLoadData"];
        _unloadModule = (delegate* unmanaged<nint, int>)library["cuModuleUnload"];
        _getFunction = (delegate* unmanaged<nint*, nint, byte*, int>)library["cuModuleGetFunction"];
        _setAttribute = (delegate* unmanaged<nint, int, int, int>)library["cuFuncSetAttribute"];
        _launch = (delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)library["cuLaunchKernel"];
    }

    /// <summary>Loads a cubin or PTX into the current context.</summary>
    /// <exception cref="LipSyncException">It was compiled for another card, or is damaged.</exception>
    public nint LoadModule(ReadOnlySpan<byte> image)
    {
        nint module;
        fixed (byte* bytes = image)
        {
            Check(_loadModule(&module, bytes), "load kernels");
        }

        return module;
    }

    /// <summary>Frees a module.</summary>
    public void UnloadModule(nint module) => Check(_unloadModule(module), "unload kernels");

    /// <summary>A kernel of a module, by the name it has in C.</summary>
    public nint Function(nint module, string name)
    {
        var text = Marshal.StringToCoTaskMemUTF8(name);
        try
        {
            nint function;
            Check(_getFunction(&function, module, (byte*)text), $"find the kernel {name}");
            return function;
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }
    }

    /// <summary>Lets a kernel be launched with more shared memory than the 48 KiB that every kernel may have.</summary>
    public void AllowSharedMemory(nint function, int bytes) => Check(_setAttribute(function, MaxDynamicSharedBytes, bytes), "give a kernel shared memory");

    /// <summary>Queues a kernel.</summary>
    /// <param name="function">The kernel.</param>
    /// <param name="grid">Blocks in each direction.</param>
    /// <param name="threads">Threads of a block.</param>
    /// <param name="sharedBytes">Dynamic shared memory of a block.</param>
    /// <param name="stream">The queue.</param>
    /// <param name="arguments">Pointers to the arguments.</param>
    public void Launch(nint function, (uint X, uint Y, uint Z) grid, uint threads, uint sharedBytes, nint stream, void** arguments) =>
        Check(_launch(function, grid.X, grid.Y, grid.Z, threads, 1, 1, sharedBytes, stream, arguments, null), "launch a kernel");

    /// <summary>A matrix and its tiles, for the copy engine of compute capability 9.0 (<c>cuTensorMapEncodeTiled</c>).</summary>
    /// <param name="type">Type of its numbers: float16 or bfloat16.</param>
    /// <param name="pointer">The first number.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Numbers of a row; rows follow each other.</param>
    /// <param name="tile">Rows and columns of a tile: 64 columns, which are 128 bytes.</param>
    public ulong[] EncodeTensorMap(DeviceDataType type, nint pointer, long rows, long columns, (int Rows, int Columns) tile)
    {
        // Drivers for CUDA 12 and newer have it, and only they are asked.
        var encode = (delegate* unmanaged<void*, int, uint, nint, ulong*, ulong*, uint*, uint*, int, int, int, int, int>)_library["cuTensorMapEncodeTiled"];
        var map = (byte*)NativeMemory.AlignedAlloc(TensorMapBytes, TensorMapBytes);
        try
        {
            var sizes = stackalloc ulong[] { (ulong)columns, (ulong)rows };
            var stride = (ulong)columns * sizeof(ushort);
            var box = stackalloc uint[] { (uint)tile.Columns, (uint)tile.Rows };
            var steps = stackalloc uint[] { 1, 1 };
            var number = type == DeviceDataType.BFloat16 ? BFloat16 : Float16;
            Check(encode(map, number, 2, pointer, sizes, &stride, box, steps, 0, Swizzle128Bytes, Promote256Bytes, 0), "describe a matrix");
            return new ReadOnlySpan<ulong>(map, TensorMapBytes / sizeof(ulong)).ToArray();
        }
        finally
        {
            NativeMemory.AlignedFree(map);
        }
    }

    private void Check(int result, string what) => _errors.Check(result, what);
}

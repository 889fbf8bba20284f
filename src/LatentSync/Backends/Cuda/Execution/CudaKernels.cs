using LatentSync.Backends.Cuda.Bindings;
using LatentSync.Backends.Cuda.Kernels;
using LatentSync.Backends.Cuda.Memory;

namespace LatentSync.Backends.Cuda.Execution;

/// <summary>The kernels of our own for one number format, loaded into the current context.</summary>
internal sealed unsafe class CudaKernels : IDisposable
{
    private const int FreeSharedBytes = 48 << 10;

    private readonly KernelDriver _driver;
    private readonly nint _stream;
    private readonly Dictionary<string, nint> _modules = new(StringComparer.Ordinal);
    private readonly Dictionary<string, nint> _functions = new(StringComparer.Ordinal);

    /// <summary>Compiles what is not in the cache, and loads all.</summary>
    /// <param name="driver">The driver.</param>
    /// <param name="compiler">Compiles for the card.</param>
    /// <param name="type">float16, bfloat16 or float32.</param>
    /// <param name="usesHopper">Whether the card has, and may use, what only compute capability 9.0 has.</param>
    /// <param name="stream">The queue.</param>
    public CudaKernels(KernelDriver driver, KernelCompiler compiler, DeviceDataType type, bool usesHopper, nint stream)
    {
        (_driver, _stream) = (driver, stream);
        foreach (var file in usesHopper ? KernelSource.Files.Concat(KernelSource.HopperFiles) : KernelSource.Files)
        {
            _modules[file] = driver.LoadModule(compiler.Compile(file, type));
        }
    }

    /// <summary>Tiles of a matrix for kernels of compute capability 9.0, as an argument.</summary>
    /// <param name="type">Type of its numbers: float16 or bfloat16.</param>
    /// <param name="pointer">The first number.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Numbers of a row, which follow each other.</param>
    /// <param name="tile">Rows and columns of a tile.</param>
    public ulong[] TensorMap(DeviceDataType type, nint pointer, long rows, long columns, (int Rows, int Columns) tile) =>
        _driver.EncodeTensorMap(type, pointer, rows, columns, tile);

    /// <summary>A launch, ready to be queued again and again.</summary>
    /// <param name="file">The source.</param>
    /// <param name="name">The kernel.</param>
    /// <param name="grid">Blocks.</param>
    /// <param name="threads">Threads of a block.</param>
    /// <param name="sharedBytes">Dynamic shared memory.</param>
    /// <param name="arguments">The arguments.</param>
    public Action Prepare(string file, string name, (int X, int Y, int Z) grid, int threads, int sharedBytes, KernelArguments arguments)
    {
        if (!_functions.TryGetValue(name, out var function))
        {
            function = _functions[name] = _driver.Function(_modules[file], name);
        }

        if (sharedBytes > FreeSharedBytes)
        {
            _driver.AllowSharedMemory(function, sharedBytes);
        }

        var (values, starts) = (arguments.Values.ToArray(), arguments.Starts.ToArray());
        return () =>
        {
            var pointers = stackalloc void*[starts.Length];
            fixed (ulong* first = values)
            {
                for (var i = 0; i < starts.Length; i++)
                {
                    pointers[i] = first + starts[i];
                }

                _driver.Launch(function, ((uint)grid.X, (uint)grid.Y, (uint)grid.Z), (uint)threads, (uint)sharedBytes, _stream, pointers);
            }
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var module in _modules.Values)
        {
            _driver.UnloadModule(module);
        }
    }
}

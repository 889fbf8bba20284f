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
    public CudaKernels(KernelDriver driver, KernelCompiler compiler, DeviceDataType type, nint stream)
    {
        (_driver, _stream) = (driver, stream);
        foreach (var file in KernelSource.Files)
        {
            _modules[file] = driver.LoadModule(compiler.Compile(file, type));
        }
    }

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

        var values = arguments.Values.ToArray();
        return () =>
        {
            var pointers = stackalloc void*[values.Length];
            fixed (ulong* first = values)
            {
                for (var i = 0; i < values.Length; i++)
                {
                    pointers[i] = first + i;
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

using System.Runtime.InteropServices;
using LatentSync.Backends.Cuda.Memory;

namespace LatentSync.Backends.Cuda.Bindings;

/// <summary>
/// cuDNN 9's graph interface, which its documentation calls the backend interface: descriptors with attributes, engines
/// found for a graph of operations, plans that are executed. Numbers are those of cuDNN's reference.
/// </summary>
internal sealed unsafe class Cudnn
{
    /// <summary><c>CUDNN_DATA_FLOAT</c>.</summary>
    public const int Float32 = 0;

    /// <summary><c>CUDNN_DATA_HALF</c>.</summary>
    public const int Float16 = 2;

    /// <summary><c>CUDNN_DATA_BFLOAT16</c>.</summary>
    public const int BFloat16 = 9;

    /// <summary><c>CUDNN_HEUR_MODE_FALLBACK</c>: engines that always work.</summary>
    public const int HeuristicsFallback = 2;

    /// <summary><c>CUDNN_HEUR_MODE_A</c>: the likely fastest engines first.</summary>
    public const int HeuristicsA = 3;

    /// <summary><c>CUDNN_NUMERICAL_NOTE_TENSOR_CORE</c>.</summary>
    public const int NoteTensorCores = 0;

    /// <summary><c>CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS</c>: the engine rounds its inputs, float32 to TF32.</summary>
    public const int NoteRoundsInputs = 1;

    private const int LongestError = 512;

    private readonly delegate* unmanaged<nint*, int> _create;
    private readonly delegate* unmanaged<nint, int> _destroy;
    private readonly delegate* unmanaged<nint, nint, int> _setStream;
    private readonly delegate* unmanaged<nuint> _getVersion;
    private readonly delegate* unmanaged<nuint> _getCudaVersion;
    private readonly delegate* unmanaged<int, byte*> _getErrorString;
    private readonly delegate* unmanaged<byte*, nuint, void> _getLastError;
    private readonly delegate* unmanaged<int, nint*, int> _createDescriptor;
    private readonly delegate* unmanaged<nint, int> _destroyDescriptor;
    private readonly delegate* unmanaged<nint, int> _finalize;
    private readonly delegate* unmanaged<nint, int, int, long, void*, int> _setAttribute;
    private readonly delegate* unmanaged<nint, int, int, long, long*, void*, int> _getAttribute;
    private readonly delegate* unmanaged<nint, nint, nint, int> _execute;

    /// <summary>Loads the library; it finds its other parts beside itself.</summary>
    public Cudnn(string path)
    {
        var library = new NativeFunctions("cuDNN 9", path);
        _create = (delegate* unmanaged<nint*, int>)library["cudnnCreate"];
        _destroy = (delegate* unmanaged<nint, int>)library["cudnnDestroy"];
        _setStream = (delegate* unmanaged<nint, nint, int>)library["cudnnSetStream"];
        _getVersion = (delegate* unmanaged<nuint>)library["cudnnGetVersion"];
        _getCudaVersion = (delegate* unmanaged<nuint>)library["cudnnGetCudartVersion"];
        _getErrorString = (delegate* unmanaged<int, byte*>)library["cudnnGetErrorString"];
        _getLastError = (delegate* unmanaged<byte*, nuint, void>)library["cudnnGetLastErrorString"];
        _createDescriptor = (delegate* unmanaged<int, nint*, int>)library["cudnnBackendCreateDescriptor"];
        _destroyDescriptor = (delegate* unmanaged<nint, int>)library["cudnnBackendDestroyDescriptor"];
        _finalize = (delegate* unmanaged<nint, int>)library["cudnnBackendFinalize"];
        _setAttribute = (delegate* unmanaged<nint, int, int, long, void*, int>)library["cudnnBackendSetAttribute"];
        _getAttribute = (delegate* unmanaged<nint, int, int, long, long*, void*, int>)library["cudnnBackendGetAttribute"];
        _execute = (delegate* unmanaged<nint, nint, nint, int>)library["cudnnBackendExecute"];
    }

    /// <summary>Its number for a type of maps, tokens or weights.</summary>
    public static int TypeOf(DeviceDataType type) =>
        type switch
        {
            DeviceDataType.Float16 => Float16,
            DeviceDataType.BFloat16 => BFloat16,
            _ => Float32,
        };

    /// <summary>Such as 91900 for 9.19.0.</summary>
    public int Version => (int)_getVersion();

    /// <summary>The CUDA it was built for, such as 13000.</summary>
    public int CudaVersion => (int)_getCudaVersion();

    /// <summary>Makes a handle in the current context whose work goes into a stream.</summary>
    public nint Create(nint stream)
    {
        nint handle;
        Check(_create(&handle), "start");
        Check(_setStream(handle, stream), "take a stream");
        return handle;
    }

    /// <summary>Frees a handle.</summary>
    public void Destroy(nint handle) => Check(_destroy(handle), "stop");

    /// <summary>Makes an empty descriptor.</summary>
    public nint CreateDescriptor(CudnnDescriptorType type)
    {
        nint descriptor;
        Check(_createDescriptor((int)type, &descriptor), $"describe a {type}");
        return descriptor;
    }

    /// <summary>Frees a descriptor.</summary>
    public void DestroyDescriptor(nint descriptor) => Check(_destroyDescriptor(descriptor), "free a descriptor");

    /// <summary>Sets an attribute of one or more values.</summary>
    public void Set<T>(nint descriptor, CudnnAttribute attribute, CudnnType type, params ReadOnlySpan<T> values)
        where T : unmanaged
    {
        fixed (T* first = values)
        {
            Check(_setAttribute(descriptor, (int)attribute, (int)type, values.Length, first), $"set {attribute}");
        }
    }

    /// <summary>Reads an attribute into the values given.</summary>
    /// <returns>How many there are.</returns>
    public int Get<T>(nint descriptor, CudnnAttribute attribute, CudnnType type, params Span<T> values)
        where T : unmanaged
    {
        long count;
        fixed (T* first = values)
        {
            Check(_getAttribute(descriptor, (int)attribute, (int)type, values.Length, &count, first), $"tell {attribute}");
        }

        return (int)count;
    }

    /// <summary>Ends the setting of attributes.</summary>
    /// <returns>0, or cuDNN's error: for plans, that the engine cannot do it.</returns>
    public int TryComplete(nint descriptor) => _finalize(descriptor);

    /// <summary>Ends the setting of attributes, and throws unless that succeeds.</summary>
    public void Complete(nint descriptor, string what) => Check(_finalize(descriptor), what);

    /// <summary>Queues a plan.</summary>
    public int Execute(nint handle, nint plan, nint variantPack) => _execute(handle, plan, variantPack);

    /// <summary>Throws unless a call has succeeded.</summary>
    public void Check(int result, string what)
    {
        if (result != 0)
        {
            var last = stackalloc byte[LongestError];
            _getLastError(last, LongestError);
            var reason = Marshal.PtrToStringUTF8((nint)last)?.ReplaceLineEndings(" ").Trim();
            var error = Marshal.PtrToStringUTF8((nint)_getErrorString(result)) + (string.IsNullOrEmpty(reason) ? "" : $" ({reason})");
            throw new LipSyncException(
                LipSyncErrorCode.InferenceFailed,
                $"cuDNN failed to {what}: {error}; see what else runs on the GPU with nvidia-smi, or run with {OptionReference.Cpu}."
            );
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LatentSync.Backends.Cuda.Memory;
using Microsoft.ML.OnnxRuntime;

namespace LatentSync.Backends.Cuda.OnnxRuntime;

/// <summary>
/// Puts an arena behind ONNX Runtime's allocations on a device: a table of functions in the layout of <c>OrtAllocator</c>
/// (onnxruntime_c_api.h), registered with the environment; sessions with <c>session.use_env_allocators</c> use it.
/// </summary>
internal sealed unsafe class ArenaAllocator : IDisposable
{
    // The version says which functions the table has: this one ends before Reserve (18) and the statistics (23).
    private const uint TableVersion = 17;

    private static DeviceArena? s_arena;
    private static nint s_info;

    private readonly OrtMemoryInfo _info;
    private readonly OrtEnv _environment;
    private readonly Table* _table;

    /// <summary>Registers an arena; there can be one at a time.</summary>
    public ArenaAllocator(OrtEnv environment, OrtMemoryInfo info, DeviceArena arena)
    {
        if (s_arena is not null)
        {
            throw new InvalidOperationException("Another arena is registered.");
        }

        (_environment, _info) = (environment, info);
        s_arena = arena;
        s_info = info.DangerousGetHandle();
        _table = (Table*)NativeMemory.AllocZeroed((nuint)sizeof(Table));
        *_table = new Table
        {
            Version = TableVersion,
            Alloc = &Allocate,
            Free = &Free,
            Info = &Info,
        };
        var register = (delegate* unmanaged<nint, Table*, nint>)Api().RegisterAllocator;
        Require(register(environment.DangerousGetHandle(), _table));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (s_arena is not null)
        {
            var unregister = (delegate* unmanaged<nint, nint, nint>)Api().UnregisterAllocator;
            Require(unregister(_environment.DangerousGetHandle(), _info.DangerousGetHandle()));
            NativeMemory.Free(_table);
            s_arena = null;
        }
    }

    private static OrtApi Api()
    {
        var basis = *(OrtApiBase*)OrtGetApiBase();
        var getApi = (delegate* unmanaged<uint, nint>)basis.GetApi;
        return *(OrtApi*)getApi(TableVersion);
    }

    private static void Require(nint status)
    {
        if (status != 0)
        {
            var message = (delegate* unmanaged<nint, byte*>)Api().GetErrorMessage;
            throw new LipSyncException(
                LipSyncErrorCode.InferenceFailed,
                $"ONNX Runtime does not take our memory: {Marshal.PtrToStringUTF8((nint)message(status))}."
            );
        }
    }

    [DllImport("onnxruntime", EntryPoint = "OrtGetApiBase")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static extern nint OrtGetApiBase();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Allocate(Table* table, nuint bytes)
    {
        try
        {
            return bytes == 0 ? 0 : s_arena!.AllocateForNetwork((long)bytes);
        }
        catch (LipSyncException)
        {
            // Neither the card nor the computer has memory. No exception may pass ONNX Runtime; it reports what follows.
            return 0;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(Table* table, nint pointer)
    {
        if (pointer != 0)
        {
            s_arena!.Free(pointer);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Info(Table* table) => s_info;

    [StructLayout(LayoutKind.Sequential)]
    private struct Table
    {
        public uint Version;
        public delegate* unmanaged[Cdecl]<Table*, nuint, nint> Alloc;
        public delegate* unmanaged[Cdecl]<Table*, nint, void> Free;
        public delegate* unmanaged[Cdecl]<Table*, nint> Info;
        public nint Reserve;
        public nint GetStatistics;
        public nint AllocateOnStream;
        public nint Shrink;
    }
}

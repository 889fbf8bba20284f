using System.Runtime.InteropServices;

namespace LatentSync.Backends.Cuda.Monitoring;

/// <summary><c>nvmlMemory_t</c> of the NVML API reference: three unsigned 64-bit sizes in bytes; 24 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NvmlMemory
{
    public readonly ulong Total;
    public readonly ulong Free;

    /// <summary>Allocated memory, with what the driver keeps for itself.</summary>
    public readonly ulong Used;
}

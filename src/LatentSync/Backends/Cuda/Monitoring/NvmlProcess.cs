using System.Runtime.InteropServices;

namespace LatentSync.Backends.Cuda.Monitoring;

/// <summary>
/// <c>nvmlProcessInfo_t</c> of the NVML API reference, the same for the functions ending in _v2 and _v3: 32-bit process
/// id, four bytes of padding, 64-bit size, two 32-bit ids; 24 bytes.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NvmlProcess
{
    /// <summary><c>NVML_VALUE_NOT_AVAILABLE</c>, the size that means that none is known, as always under Windows' display driver model.</summary>
    public const ulong NotAvailable = ulong.MaxValue;

    public readonly uint Id;
    public readonly ulong UsedMemory;

    /// <summary>The part of a divided card (MIG), else all bits set.</summary>
    public readonly uint GpuInstance;

    /// <summary>The part of that part, else all bits set.</summary>
    public readonly uint ComputeInstance;
}

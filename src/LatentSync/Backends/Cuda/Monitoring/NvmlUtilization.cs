using System.Runtime.InteropServices;

namespace LatentSync.Backends.Cuda.Monitoring;

/// <summary><c>nvmlUtilization_t</c> of the NVML API reference: two unsigned 32-bit percentages; 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NvmlUtilization
{
    /// <summary>Percent of the sample period in which a kernel ran.</summary>
    public readonly uint Gpu;

    /// <summary>Percent of the sample period in which memory was read or written.</summary>
    public readonly uint Memory;
}

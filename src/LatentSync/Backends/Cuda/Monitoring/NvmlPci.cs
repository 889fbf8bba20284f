using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LatentSync.Backends.Cuda.Monitoring;

/// <summary>
/// <c>nvmlPciInfo_t</c> of the NVML API reference, as nvmlDeviceGetPciInfo_v3 fills it: a bus id of 16 characters in the
/// old notation, five 32-bit numbers, a bus id of 32 characters; 68 bytes.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlPci
{
    public LegacyText LegacyBusId;
    public uint Domain;
    public uint Bus;
    public uint Device;
    public uint DeviceAndVendor;
    public uint Subsystem;
    public BusText BusId;

    /// <summary><c>NVML_DEVICE_PCI_BUS_ID_BUFFER_V2_SIZE</c> characters.</summary>
    [InlineArray(16)]
    public struct LegacyText
    {
        private byte _first;
    }

    /// <summary><c>NVML_DEVICE_PCI_BUS_ID_BUFFER_SIZE</c> characters, ended by a zero.</summary>
    [InlineArray(32)]
    public struct BusText
    {
        private byte _first;
    }
}

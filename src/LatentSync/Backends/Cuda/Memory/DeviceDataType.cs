namespace LatentSync.Backends.Cuda.Memory;

/// <summary>Types of values on a device.</summary>
internal enum DeviceDataType
{
    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>8-bit integers, 0 to 255.</summary>
    UInt8,

    /// <summary>16-bit floating point.</summary>
    Float16,
}

namespace LatentSync.Backends.Cuda.Memory;

/// <summary>Types of values on a device.</summary>
internal enum DeviceDataType
{
    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>8-bit integers, 0 to 255.</summary>
    UInt8,

    /// <summary>16-bit floating point: 5 bits of exponent, 10 of mantissa.</summary>
    Float16,

    /// <summary>The upper half of <see cref="Float32"/>: 8 bits of exponent, 7 of mantissa.</summary>
    BFloat16,
}

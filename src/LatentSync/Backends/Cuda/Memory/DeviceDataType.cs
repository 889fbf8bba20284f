namespace LatentSync.Backends.Cuda.Memory;

/// <summary>Types of values on a device, with the numbers ONNX gives them.</summary>
internal enum DeviceDataType
{
    /// <summary>32-bit floating point.</summary>
    Float32 = 1,

    /// <summary>8-bit integers, 0 to 255.</summary>
    UInt8 = 2,

    /// <summary>16-bit floating point.</summary>
    Float16 = 10,
}

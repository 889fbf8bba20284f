namespace LatentSync.Backends.Cuda.Memory;

/// <summary>Facts about the types.</summary>
internal static class DeviceDataTypeExtensions
{
    /// <summary>Bytes of one value.</summary>
    public static int Size(this DeviceDataType type) =>
        type switch
        {
            DeviceDataType.UInt8 => 1,
            DeviceDataType.Float16 => 2,
            _ => 4,
        };
}

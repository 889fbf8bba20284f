namespace LatentSync.Backends.Cuda.Memory;

/// <summary>Values on a device, in memory that belongs to someone. The first axis can be sliced without a copy.</summary>
/// <param name="pointer">Where the first value lies, on the device.</param>
/// <param name="type">The type of the values.</param>
/// <param name="shape">The length of each axis.</param>
internal class DeviceTensor(nint pointer, DeviceDataType type, params int[] shape)
{
    /// <summary>Where the first value lies, on the device.</summary>
    public nint Pointer => pointer;

    /// <summary>The type of the values.</summary>
    public DeviceDataType Type => type;

    /// <summary>The length of each axis.</summary>
    public IReadOnlyList<int> Shape => shape;

    /// <summary>The number of values.</summary>
    public long ElementCount => Count(shape);

    /// <summary>Length in bytes.</summary>
    public long Bytes => ElementCount * type.Size();

    /// <summary>Some entries of the first axis; valid as long as this tensor is.</summary>
    public DeviceTensor Rows(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, shape[0] - start);
        return new DeviceTensor(pointer + (nint)(Bytes / shape[0] * start), type, [count, .. shape[1..]]);
    }

    /// <summary>The product of the lengths of all axes.</summary>
    protected static long Count(int[] lengths) => lengths.Aggregate(1L, (count, length) => count * length);
}

namespace LatentSync.Checkpoints.Tensors;

/// <summary>Facts about element types.</summary>
internal static class TensorDataTypeExtensions
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this TensorDataType type) =>
        type switch
        {
            TensorDataType.Float64 or TensorDataType.Int64 => sizeof(long),
            TensorDataType.Float32 or TensorDataType.Int32 => sizeof(int),
            TensorDataType.Float16 or TensorDataType.BFloat16 or TensorDataType.Int16 => sizeof(short),
            _ => sizeof(byte),
        };

    /// <summary>True for the types a network's weights may have.</summary>
    public static bool IsFloatingPoint(this TensorDataType type) =>
        type is TensorDataType.Float32 or TensorDataType.Float16 or TensorDataType.BFloat16 or TensorDataType.Float64;
}

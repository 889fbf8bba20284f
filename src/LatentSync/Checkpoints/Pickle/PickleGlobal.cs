using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Checkpoints.Pickle;

/// <summary>
/// A Python name that a pickle refers to. The list of names is closed: nothing outside it is looked up, let alone called.
/// </summary>
/// <param name="Kind">Which name.</param>
/// <param name="Type">The element type of a storage.</param>
internal sealed record PickleGlobal(PickleGlobalKind Kind, TensorDataType Type = default)
{
    /// <summary>The meaning of a name.</summary>
    /// <exception cref="LipSyncException">The name is not on the list.</exception>
    public static PickleGlobal Resolve(string module, string name, string path) =>
        (module, name) switch
        {
            ("collections", "OrderedDict") => new(PickleGlobalKind.OrderedDict),
            ("torch._utils", "_rebuild_tensor_v2") => new(PickleGlobalKind.RebuildTensor),
            ("torch._utils", "_rebuild_parameter") => new(PickleGlobalKind.RebuildParameter),
            ("torch", "FloatStorage") => Storage(TensorDataType.Float32),
            ("torch", "HalfStorage") => Storage(TensorDataType.Float16),
            ("torch", "BFloat16Storage") => Storage(TensorDataType.BFloat16),
            ("torch", "DoubleStorage") => Storage(TensorDataType.Float64),
            ("torch", "LongStorage") => Storage(TensorDataType.Int64),
            ("torch", "IntStorage") => Storage(TensorDataType.Int32),
            ("torch", "ShortStorage") => Storage(TensorDataType.Int16),
            ("torch", "CharStorage") => Storage(TensorDataType.Int8),
            ("torch", "ByteStorage") => Storage(TensorDataType.UInt8),
            ("torch", "BoolStorage") => Storage(TensorDataType.Bool),
            _ => throw PickleErrors.Refused(path, $"refers to {ModelErrors.Printable($"{module}.{name}")}, which plain weights never do"),
        };

    private static PickleGlobal Storage(TensorDataType type) => new(PickleGlobalKind.Storage, type);
}

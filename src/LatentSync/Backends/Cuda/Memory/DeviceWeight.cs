namespace LatentSync.Backends.Cuda.Memory;

/// <summary>A weight that a device graph takes as an input.</summary>
/// <param name="Input">Name of the input.</param>
/// <param name="Kind">What is done to the stored values.</param>
/// <param name="Type">Type on the device.</param>
/// <param name="Shape">Shape on the device.</param>
/// <param name="Stored">Names and shapes of the tensors it is made from.</param>
internal sealed record DeviceWeight(
    string Input,
    DeviceWeightKind Kind,
    DeviceDataType Type,
    int[] Shape,
    params IReadOnlyList<(string Name, int[] Shape)> Stored
)
{
    /// <summary>Which half <see cref="DeviceWeightKind.Half"/> takes: 0 or 1.</summary>
    public int Half { get; init; }

    /// <summary>Number of values that are kept on the device, of which a graph may take the first ones only.</summary>
    public long KeptCount => Kind == DeviceWeightKind.Plain ? Stored[0].Shape.Aggregate(1L, (count, length) => count * length) : ElementCount;

    /// <summary>Number of values that the graph takes.</summary>
    public long ElementCount => Shape.Aggregate(1L, (count, length) => count * length);

    /// <summary>Bytes that the graph takes.</summary>
    public long Bytes => ElementCount * Type.Size();

    /// <summary>
    /// True if the place must be known when a session is made: ONNX Runtime's convolution for channels last runs on a CUDA
    /// device only if its weight is a constant of the graph.
    /// </summary>
    public bool IsFixed => Kind == DeviceWeightKind.Convolution;
}

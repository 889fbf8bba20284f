using LatentSync.Backends.Cuda.Memory;
using LatentSync.Networks.Onnx;

namespace LatentSync.Backends.Cuda.OnnxRuntime.Graphs;

/// <summary>A graph whose weights are not part of it: they lie on the device and are bound to it.</summary>
/// <param name="Model">The graph.</param>
/// <param name="Inputs">What the caller feeds, without the weights.</param>
/// <param name="Outputs">What the caller gets.</param>
/// <param name="Weights">The weights, in the order of their places in a <see cref="WeightBlock"/>.</param>
/// <param name="Shapes">The shape of each inner value; -1 for the free axis.</param>
/// <param name="HasShortAttention">Whether its attention is over many short sequences, for which other kernels are fastest.</param>
internal sealed record DeviceGraph(
    ModelProto Model,
    IReadOnlyList<DevicePort> Inputs,
    IReadOnlyList<DevicePort> Outputs,
    IReadOnlyList<DeviceWeight> Weights,
    IReadOnlyDictionary<string, int[]> Shapes,
    bool HasShortAttention
)
{
    /// <summary>True if a session of the graph is tied to the place of its weights.</summary>
    public bool HasFixedWeights => Weights.Any(weight => weight.IsFixed);

    /// <summary>What the graph is called in messages and profiles.</summary>
    public string Name => Model.Graph.Name;
}

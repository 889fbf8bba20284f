using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Networks.Onnx;

/// <summary>A written graph and the weights it needs from a checkpoint.</summary>
internal sealed record NetworkGraph(ModelProto Model, IReadOnlyList<TensorSpec> Weights);

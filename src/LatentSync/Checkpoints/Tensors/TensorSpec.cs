namespace LatentSync.Checkpoints.Tensors;

/// <summary>A weight that a network needs.</summary>
/// <param name="Name">Its name in the state dict.</param>
/// <param name="Shape">The length of each axis.</param>
internal sealed record TensorSpec(string Name, IReadOnlyList<long> Shape);

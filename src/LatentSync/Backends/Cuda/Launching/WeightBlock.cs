using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching;

/// <summary>Weights of a list that are copied together, shortly before they are used.</summary>
/// <param name="Place">Which of the places they share with other blocks is theirs.</param>
/// <param name="First">The first operation that uses one of them.</param>
/// <param name="Last">The last one.</param>
/// <param name="Weights">The weights, each with its offset in the place, in bytes.</param>
internal sealed record WeightBlock(int Place, int First, int Last, IReadOnlyList<(LaunchBuffer Weight, long Offset)> Weights);

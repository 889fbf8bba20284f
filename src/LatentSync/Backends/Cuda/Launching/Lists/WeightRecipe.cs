namespace LatentSync.Backends.Cuda.Launching.Lists;

/// <summary>How a weight in memory is made from tensors of the checkpoint.</summary>
/// <param name="Stored">Names and shapes of the tensors.</param>
/// <param name="Make">From their values in C order to the weight's, in the order of memory.</param>
internal sealed record WeightRecipe(IReadOnlyList<(string Name, int[] Shape)> Stored, Func<float[][], float[]> Make);

namespace LatentSync.Backends.Cuda.Launching.Lists;

/// <summary>Operations in the order of their execution: a network, or a part of one, for given sizes.</summary>
/// <param name="Name">What it computes, for people.</param>
/// <param name="Operations">The operations.</param>
internal sealed record LaunchList(string Name, IReadOnlyList<LaunchOperation> Operations)
{
    /// <summary>Every buffer, once, in the order of first use.</summary>
    public IEnumerable<LaunchBuffer> Buffers => Operations.SelectMany(operation => operation.Reads.Concat(operation.Writes)).Distinct();
}

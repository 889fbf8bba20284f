using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching.Operations.Norms;

/// <summary>The sums of a map.</summary>
internal sealed record ChannelSumsOperation(LaunchMap X, ChannelSums Sums) : LaunchOperation
{
    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Reads => [X.Buffer];

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Writes => [Sums.Buffer];
}

using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching.Operations;

/// <summary>The first columns of rows of the network's type as dense rows of float32.</summary>
/// <param name="X">Rows.</param>
/// <param name="Y">Dense rows of float32.</param>
internal sealed record NarrowOperation(LaunchMatrix X, LaunchMatrix Y) : LaunchOperation
{
    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Reads => [X.Buffer];

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Writes => [Y.Buffer];
}

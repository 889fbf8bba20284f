using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching.Operations;

/// <summary>float32 rows into columns of rows of the network's type; columns that have no source become zero.</summary>
/// <param name="X">Dense rows of float32.</param>
/// <param name="Y">Columns of rows.</param>
internal sealed record WidenOperation(LaunchMatrix X, LaunchMatrix Y) : LaunchOperation
{
    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Reads => [X.Buffer];

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Writes => [Y.Buffer];
}

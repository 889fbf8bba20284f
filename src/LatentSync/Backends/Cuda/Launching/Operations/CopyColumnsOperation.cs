using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching.Operations;

/// <summary>Y = factor X + addend, both columns of float32 rows.</summary>
internal sealed record CopyColumnsOperation(LaunchMatrix X, LaunchMatrix Y, float Factor = 1, float Addend = 0) : LaunchOperation
{
    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Reads => [X.Buffer];

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Writes => [Y.Buffer];
}

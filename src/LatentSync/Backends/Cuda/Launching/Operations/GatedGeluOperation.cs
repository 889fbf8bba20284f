using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching.Operations;

/// <summary>y = value * gelu(gate).</summary>
/// <param name="X">[rows, value | gate].</param>
/// <param name="Y">[rows, width].</param>
internal sealed record GatedGeluOperation(LaunchMatrix X, LaunchMatrix Y) : LaunchOperation
{
    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Reads => [X.Buffer];

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Writes => [Y.Buffer];
}

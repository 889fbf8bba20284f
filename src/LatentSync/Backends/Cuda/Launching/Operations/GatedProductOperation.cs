using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching.Operations;

/// <summary>y = value * gelu(gate), where value and gate are X W^T plus a bias; they are not written.</summary>
/// <param name="X">[rows, inner].</param>
/// <param name="W">[2 * columns, inner], values and gates in the order of <see cref="GatedOrder"/>.</param>
/// <param name="Bias">[2 * columns], float32, in the same order.</param>
/// <param name="Y">[rows, columns].</param>
internal sealed record GatedProductOperation(LaunchMatrix X, LaunchMatrix W, LaunchBuffer Bias, LaunchMatrix Y) : LaunchOperation
{
    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Reads => [X.Buffer, W.Buffer, Bias];

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Writes => [Y.Buffer];
}

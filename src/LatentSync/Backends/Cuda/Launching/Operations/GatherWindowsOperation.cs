using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching.Operations;

/// <summary>The windows of a convolution side by side, so that a product computes it.</summary>
/// <param name="X">[image * pixel, channel].</param>
/// <param name="Y">[image * out pixel, columns]: row, column and channel of the window, then zeros.</param>
/// <param name="Window">Sizes.</param>
internal sealed record GatherWindowsOperation(LaunchMatrix X, LaunchMatrix Y, WindowShape Window) : LaunchOperation
{
    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Reads => [X.Buffer];

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Writes => [Y.Buffer];
}

using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching.Operations;

/// <summary>A convolution of maps [image, row, column, channel], without bias.</summary>
/// <param name="X">[image * pixel, in].</param>
/// <param name="W">[out, kernel * kernel * in].</param>
/// <param name="Y">[image * pixel, out].</param>
/// <param name="Window">Sizes.</param>
internal sealed record ConvolutionOperation(LaunchMatrix X, LaunchMatrix W, LaunchMatrix Y, WindowShape Window) : LaunchOperation
{
    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Reads => [X.Buffer, W.Buffer];

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Writes => [Y.Buffer];
}

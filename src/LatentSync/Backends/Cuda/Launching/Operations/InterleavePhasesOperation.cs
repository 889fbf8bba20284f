using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching.Operations;

/// <summary>Puts the four phases of a convolution of a doubled map into their places, and adds the bias.</summary>
/// <param name="X">[image * (side + 1)^2, phase * channel].</param>
/// <param name="Bias">[channel], float32.</param>
/// <param name="Y">A map of twice the side.</param>
/// <param name="Sums">The sums of Y.</param>
internal sealed record InterleavePhasesOperation(LaunchMatrix X, LaunchBuffer Bias, LaunchMap Y, ChannelSums Sums) : LaunchOperation
{
    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Reads => [X.Buffer, Bias];

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Writes => [Y.Buffer, Sums.Buffer];
}

using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching.Operations.Norms;

/// <summary>Y = X + bias, plus a residual, and the sums of Y.</summary>
/// <param name="X">A map.</param>
/// <param name="Bias">[channel], float32.</param>
/// <param name="Residual">A map of the same shape; null for none.</param>
/// <param name="Y">A map of the same shape, or padded: one row and one column more, of zeros, on the right and at the bottom.</param>
/// <param name="Sums">The sums of Y; null if nobody needs them.</param>
internal sealed record AddBiasOperation(LaunchMap X, LaunchBuffer Bias, LaunchMap? Residual, LaunchMap Y, ChannelSums? Sums) : LaunchOperation
{
    /// <summary>Whether Y has a border of zeros.</summary>
    public bool IsPadded => Y.Side != X.Side;

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Reads => Present(X.Buffer, Bias, Residual?.Buffer);

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Writes => Present(Y.Buffer, Sums?.Buffer);

    /// <inheritdoc/>
    public override (LaunchBuffer Read, LaunchBuffer Written)? InPlace => IsPadded || X.Buffer == Y.Buffer ? null : (X.Buffer, Y.Buffer);
}

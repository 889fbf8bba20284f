using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching.Operations;

/// <summary>Y = X W^T, plus a bias for each column, plus a residual.</summary>
/// <param name="X">[rows, inner].</param>
/// <param name="W">[columns, inner]; [inner, columns] if <see cref="IsTransposed"/>.</param>
/// <param name="Y">[rows, columns].</param>
/// <param name="Bias">[columns]; null for none.</param>
/// <param name="Residual">[rows, columns], may be Y itself; null for none.</param>
internal sealed record ProductOperation(LaunchMatrix X, LaunchMatrix W, LaunchMatrix Y, LaunchBuffer? Bias = null, LaunchMatrix? Residual = null)
    : LaunchOperation
{
    /// <summary>Whether W is [inner, columns].</summary>
    public bool IsTransposed { get; init; }

    /// <summary>How many such products there are: X, W and Y describe the first.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Numbers from one product's X, W and Y to the next one's.</summary>
    public (long X, long W, long Y) BatchStrides { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Reads => Present(X.Buffer, W.Buffer, Bias, Residual?.Buffer);

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Writes => [Y.Buffer];

    /// <inheritdoc/>
    public override (LaunchBuffer Read, LaunchBuffer Written)? InPlace =>
        Residual is { } residual && residual.Buffer != Y.Buffer && residual with { Buffer = Y.Buffer } == Y ? (residual.Buffer, Y.Buffer) : null;
}

using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching.Operations;

/// <summary>x = softmax(scale x) of each row, in place.</summary>
/// <param name="X">Dense rows.</param>
/// <param name="Scale">The factor.</param>
internal sealed record SoftmaxOperation(LaunchMatrix X, float Scale) : LaunchOperation
{
    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Reads => [X.Buffer];

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Writes => [X.Buffer];
}

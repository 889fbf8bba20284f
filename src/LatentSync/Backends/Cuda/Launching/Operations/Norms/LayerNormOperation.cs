using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching.Operations.Norms;

/// <summary>Layer norm of each row, epsilon 1e-5.</summary>
/// <param name="X">Dense rows.</param>
/// <param name="Gamma">[width].</param>
/// <param name="Beta">[width], or [frames, width]: the row of a frame, which is (row / pixels) % frames.</param>
/// <param name="Y">Dense rows.</param>
/// <param name="Pixels">Rows of a frame.</param>
/// <param name="Frames">Rows of beta.</param>
internal sealed record LayerNormOperation(LaunchMatrix X, LaunchBuffer Gamma, LaunchBuffer Beta, LaunchMatrix Y, int Pixels, int Frames) : LaunchOperation
{
    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Reads => [X.Buffer, Gamma, Beta];

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Writes => [Y.Buffer];
}

using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching.Operations.Norms;

/// <summary>y = a x + b, then x * sigmoid(x) if asked.</summary>
/// <param name="Sources">One map, or two side by side in the channels.</param>
/// <param name="Coefficients">[unit, channel, 2], float32.</param>
/// <param name="ImagesPerUnit">Images that share coefficients.</param>
/// <param name="Silu">Whether SiLU follows.</param>
/// <param name="Y">The result.</param>
internal sealed record ApplyNormOperation(IReadOnlyList<LaunchMap> Sources, LaunchBuffer Coefficients, int ImagesPerUnit, bool Silu, LaunchMap Y)
    : LaunchOperation
{
    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Reads => Present([.. Sources.Select(source => source.Buffer), Coefficients]);

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Writes => [Y.Buffer];
}

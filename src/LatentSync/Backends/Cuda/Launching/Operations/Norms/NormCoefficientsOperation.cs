using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching.Operations.Norms;

/// <summary>
/// The coefficients of a group norm, [unit, channel, 2] in float32: y = a (x + offset) + b. Statistics are those of the
/// values plus the offset, over all pixels of the images of a unit and all channels of a group.
/// </summary>
/// <param name="Sources">One map, or two side by side in the channels.</param>
/// <param name="Images">Images of the result.</param>
/// <param name="ImagesPerUnit">Images that share statistics.</param>
/// <param name="Groups">Groups of channels.</param>
/// <param name="Epsilon">Is added to the variance.</param>
/// <param name="Gamma">[channel], float32.</param>
/// <param name="Beta">[channel], float32.</param>
/// <param name="Offset">[channel] in a row of float32 that starts at <see cref="LaunchMatrix.Offset"/>; null for zeros.</param>
/// <param name="Coefficients">The result.</param>
/// <param name="FrameCount">One number, float32: how many images of a unit count; null for all.</param>
internal sealed record NormCoefficientsOperation(
    IReadOnlyList<NormSource> Sources,
    int Images,
    int ImagesPerUnit,
    int Groups,
    float Epsilon,
    LaunchBuffer Gamma,
    LaunchBuffer Beta,
    LaunchMatrix? Offset,
    LaunchBuffer Coefficients,
    LaunchBuffer? FrameCount = null
) : LaunchOperation
{
    /// <summary>Pixels of an image.</summary>
    public int Pixels => Sources[0].Map.Pixels;

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Reads => Present([.. Sources.Select(source => source.Sums.Buffer), Gamma, Beta, Offset?.Buffer, FrameCount]);

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Writes => [Coefficients];
}

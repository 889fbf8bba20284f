using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching.Operations;

/// <summary>Guidance and a step of a sampler that looks at no earlier one, float32: e = e0 + g (e1 - e0), x' = a x + b e, in place.</summary>
/// <param name="Latents">x: columns of rows.</param>
/// <param name="Without">e0, dense rows.</param>
/// <param name="With">e1, dense rows; the same as e0 without guidance.</param>
/// <param name="Guidance">g.</param>
/// <param name="LatentFactor">a.</param>
/// <param name="NoiseFactor">b.</param>
internal sealed record SamplerStepOperation(
    LaunchMatrix Latents,
    LaunchMatrix Without,
    LaunchMatrix With,
    float Guidance,
    float LatentFactor,
    float NoiseFactor
) : LaunchOperation
{
    /// <summary>Numbers of x.</summary>
    public long Count => (long)Latents.RowCount * Latents.Width;

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Reads => [Latents.Buffer, Without.Buffer, With.Buffer];

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Writes => [Latents.Buffer];
}

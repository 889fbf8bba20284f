using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching.Operations;

/// <summary>
/// A step of a sampler that looks back, float32: x' = a x + b e + c m1 + d m2, in place, and p x + q e takes the place of m2. A
/// prediction whose factor is 0 is not looked at: there may be none yet.
/// </summary>
/// <param name="Update">x, e, a and b.</param>
/// <param name="Newer">m1, dense rows.</param>
/// <param name="Older">m2, dense rows, overwritten; m1 if only one is kept, and d is 0 then.</param>
/// <param name="NewerFactor">c.</param>
/// <param name="OlderFactor">d.</param>
/// <param name="CleanLatentFactor">p.</param>
/// <param name="CleanNoiseFactor">q.</param>
internal sealed record MultistepOperation(
    SamplerStepOperation Update,
    LaunchMatrix Newer,
    LaunchMatrix Older,
    float NewerFactor,
    float OlderFactor,
    float CleanLatentFactor,
    float CleanNoiseFactor
) : LaunchOperation
{
    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Reads => [.. Update.Reads, Newer.Buffer, Older.Buffer];

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Writes => [.. Update.Writes, Older.Buffer];
}

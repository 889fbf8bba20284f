namespace LatentSync;

/// <summary>
/// Sampler, steps and caching by what they cost and give, chosen from measurements on the built-in model (docs/samplers.md);
/// <see cref="SamplingOptions.With(QualityPreset)"/> applies one.
/// </summary>
public enum QualityPreset
{
    /// <summary>DPM-Solver++ with 4 steps, every second full: a third of the default's denoising time.</summary>
    Preview,

    /// <summary>DPM-Solver++ with 8 steps, every second full: about 0.6 of the default's denoising time, at its quality.</summary>
    Balanced,

    /// <summary>DPM-Solver++ with 15 steps, every third full: the steadiest picture, in 0.75 of the default's denoising time.</summary>
    Best,
}

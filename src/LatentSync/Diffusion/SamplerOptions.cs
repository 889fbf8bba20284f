namespace LatentSync.Diffusion;

/// <summary>How a clip is denoised.</summary>
/// <param name="Steps">Denoising steps, 1..999.</param>
/// <param name="GuidanceScale">Classifier-free guidance weight; 1 runs the network without guidance, at half the work.</param>
/// <param name="CacheInterval">DeepCache: a full step every so many steps; 1 = every step is full.</param>
internal sealed record SamplerOptions(int Steps, float GuidanceScale, int CacheInterval)
{
    /// <summary>What advances the latents.</summary>
    public Sampler Sampler { get; init; }

    /// <summary>Where guidance begins, as a fraction of the steps, 0..1.</summary>
    public double GuidanceFrom { get; init; }

    /// <summary>Where guidance ends, as a fraction of the steps, 0..1.</summary>
    public double GuidanceTo { get; init; } = 1;

    /// <summary>Whether the network runs with and without audio at some step.</summary>
    public bool UsesGuidance => Enumerable.Range(0, Steps).Any(IsGuided);

    /// <summary>Whether some steps are guided and some are not.</summary>
    public bool MixesGuidance => UsesGuidance && !Enumerable.Range(0, Steps).All(IsGuided);

    /// <summary>Predictions of the clean latents that a step takes from the steps before it, 0..2.</summary>
    public int HistoryLength =>
        Sampler switch
        {
            Sampler.Ddim => 0,
            Sampler.DpmPlusPlus2M => 1,
            Sampler.UniPc => 2,
            _ => throw new InvalidOperationException(Invariant($"{Sampler} has no history.")),
        };

    /// <summary>Whether a step runs with guidance: its middle lies between the two fractions.</summary>
    public bool IsGuided(int step) => GuidanceScale > 1 && (step + 0.5) / Steps >= GuidanceFrom && (step + 0.5) / Steps < GuidanceTo;
}

namespace LatentSync.Diffusion;

/// <summary>
/// The steps of a clip, known before it begins. Backends play this list and decide nothing themselves, so that all of them
/// sample alike. DDIM with DeepCache (arXiv 2312.00858; uniform, branch 0).
/// </summary>
internal sealed class SamplingPlan
{
    /// <summary>Computes the steps.</summary>
    public SamplingPlan(SamplerOptions options)
    {
        Options = options;
        var schedule = new DdimSchedule(options.Steps);
        Steps =
        [
            .. schedule.Timesteps.Select(
                (timestep, index) =>
                {
                    var (latent, noise) = schedule.Factors(timestep);
                    return new SamplingStep(index, timestep, IsFull: index % options.CacheInterval == 0, latent, noise);
                }
            ),
        ];
    }

    /// <summary>What it was made from.</summary>
    public SamplerOptions Options { get; }

    /// <summary>The steps in their order.</summary>
    public IReadOnlyList<SamplingStep> Steps { get; }
}

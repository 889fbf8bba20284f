namespace LatentSync.Diffusion;

/// <summary>
/// The steps of a clip, known before it begins. Backends play this list and decide nothing themselves, so that all of them
/// sample alike. A sampler with DeepCache (arXiv 2312.00858; uniform, branch 0), and with guidance in a band of the steps
/// (arXiv 2404.07724). Each stretch with or without guidance begins with a full step, since what the deep part left behind is of
/// as many clips as ran.
/// </summary>
internal sealed class SamplingPlan
{
    /// <summary>Computes the steps.</summary>
    public SamplingPlan(SamplerOptions options)
    {
        Options = options;
        var begin = 0;
        var steps = options.Sampler == Sampler.Ddim ? DdimSteps(options) : MultistepSteps(options);
        for (var index = 0; index < steps.Length; index++)
        {
            var isGuided = options.IsGuided(index);
            if (index > 0 && isGuided != steps[index - 1].IsGuided)
            {
                begin = index;
            }

            steps[index] = steps[index] with { Index = index, IsGuided = isGuided, IsFull = (index - begin) % options.CacheInterval == 0 };
        }

        Steps = steps;
    }

    /// <summary>What it was made from.</summary>
    public SamplerOptions Options { get; }

    /// <summary>The steps in their order.</summary>
    public IReadOnlyList<SamplingStep> Steps { get; }

    private static SamplingStep[] DdimSteps(SamplerOptions options)
    {
        var schedule = new DdimSchedule(options.Steps);
        return
        [
            .. schedule.Timesteps.Select(timestep =>
            {
                var (latent, noise) = schedule.Factors(timestep);
                return new SamplingStep(timestep, latent, noise);
            }),
        ];
    }

    private static SamplingStep[] MultistepSteps(SamplerOptions options)
    {
        var timesteps = MultistepSchedule.Timesteps(options.Steps);
        var levels = MultistepSchedule.Levels(timesteps);
        return [.. timesteps.Select((timestep, index) => MultistepStep(options, levels, timestep, index))];
    }

    /// <summary>A step in the latents and the noise that the network predicts.</summary>
    private static SamplingStep MultistepStep(SamplerOptions options, NoiseLevels levels, int timestep, int index)
    {
        var (factors, length) = (
            options.Sampler == Sampler.UniPc ? UniPcSolver.Factors(levels, index) : DpmSolver.Factors(levels, index),
            options.HistoryLength
        );
        var (cleanLatent, cleanNoise) = (1 / levels.Alpha(index), -levels.Sigma(index) / levels.Alpha(index));
        return new SamplingStep(timestep, (float)(factors.Latents + (factors.Now * cleanLatent)), (float)(factors.Now * cleanNoise))
        {
            History = new HistoryFactors(
                (float)factors.Newer,
                (float)factors.Older,
                (float)cleanLatent,
                (float)cleanNoise,
                (index + length - 1) % length,
                index % length
            ),
        };
    }
}

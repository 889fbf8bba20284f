namespace LatentSync.Diffusion;

/// <summary>
/// The deterministic DDIM sampler (arXiv 2010.02502, eta 0) as LatentSync sets it up: noise prediction, 1000 training
/// steps, scaled-linear betas 0.00085..0.012, no clipping, leading timesteps with offset 1, and the first training
/// step's alpha below timestep zero.
/// </summary>
internal sealed class DdimSchedule
{
    /// <summary>Steps of the noise schedule the networks were trained with.</summary>
    public const int TrainingSteps = 1000;

    private const double BetaStart = 0.00085;
    private const double BetaEnd = 0.012;
    private const int TimestepOffset = 1;

    private static readonly float[] Cumulative = CumulativeAlphas();

    private readonly int _stride;

    /// <summary>Creates the schedule.</summary>
    /// <param name="steps">Denoising steps, 1..999.</param>
    public DdimSchedule(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(steps, TrainingSteps);
        _stride = TrainingSteps / steps;
        Timesteps = [.. Enumerable.Range(0, steps).Reverse().Select(step => (step * _stride) + TimestepOffset)];
    }

    /// <summary>The product of 1 - beta up to each training step, 1000 values, falling.</summary>
    public static ReadOnlySpan<float> AlphasCumulative => Cumulative;

    /// <summary>The timesteps to run, falling; 951, 901 ... 1 for 20 steps.</summary>
    public IReadOnlyList<int> Timesteps { get; }

    /// <summary>
    /// The step from timestep t to t - 1000 / steps, x0 = (x - sqrt(1 - a_t) e) / sqrt(a_t), x' = sqrt(a_prev) x0 +
    /// sqrt(1 - a_prev) e, is linear in x and e: x' = <c>Latent</c> x + <c>Noise</c> e.
    /// </summary>
    /// <param name="timestep">The timestep the noise was predicted at.</param>
    public (float Latent, float Noise) Factors(int timestep)
    {
        var previousTimestep = timestep - _stride;
        double alpha = Cumulative[timestep];
        double previousAlpha = Cumulative[Math.Max(previousTimestep, 0)];
        return ((float)Math.Sqrt(previousAlpha / alpha), (float)(Math.Sqrt(1 - previousAlpha) - Math.Sqrt(previousAlpha * (1 - alpha) / alpha)));
    }

    private static float[] CumulativeAlphas()
    {
        var alphas = new float[TrainingSteps];
        var (start, end) = (Math.Sqrt(BetaStart), Math.Sqrt(BetaEnd));
        double product = 1;
        for (var step = 0; step < TrainingSteps; step++)
        {
            var root = start + ((end - start) * step / (TrainingSteps - 1));
            product *= 1 - (root * root);
            alphas[step] = (float)product;
        }

        return alphas;
    }
}

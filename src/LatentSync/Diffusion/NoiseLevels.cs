namespace LatentSync.Diffusion;

/// <summary>
/// The points that a sampler goes through: at each, x = <see cref="Alpha"/> x0 + <see cref="Sigma"/> e. In the notation of
/// DPM-Solver (arXiv 2206.00927), where the steps are measured in <see cref="Lambda"/> = log(alpha / sigma).
/// </summary>
/// <param name="cumulative">alpha^2 at each point, rising: where the noise is predicted, and last where the last step ends.</param>
internal sealed class NoiseLevels(IReadOnlyList<double> cumulative)
{
    /// <summary>Steps between the points.</summary>
    public int Steps => cumulative.Count - 1;

    /// <summary>The clean latents' share at a point, 0..<see cref="Steps"/>.</summary>
    public double Alpha(int point) => Math.Sqrt(cumulative[point]);

    /// <summary>The noise's share.</summary>
    public double Sigma(int point) => Math.Sqrt(1 - cumulative[point]);

    /// <summary>Half the logarithm of the signal-to-noise ratio; rises from point to point.</summary>
    public double Lambda(int point) => Math.Log(Alpha(point) / Sigma(point));

    /// <summary>
    /// Whether a step is made at first order: the first one, which has no predecessor, and the last one, which is far longer than
    /// the one before, too long to go on in the direction of the last predictions ("lower_order_final" of the public code).
    /// </summary>
    public bool IsFirstOrder(int step) => step == 0 || step == Steps - 1;

    /// <summary>The length of the step that begins at a point, in <see cref="Lambda"/>.</summary>
    public double Length(int step) => Lambda(step + 1) - Lambda(step);
}

namespace LatentSync.Diffusion;

/// <summary>
/// DPM-Solver++ (2M), arXiv 2211.01095, algorithm 2: multistep, second order, on predictions of the clean latents. At
/// first order it is DDIM.
/// </summary>
internal static class DpmSolver
{
    /// <summary>
    /// x' = (sigma' / sigma) x - alpha' (e^-h - 1) D with D = (1 + 1 / 2r) m - (1 / 2r) m', where h is the length of this step
    /// and r that of the one before divided by h; D = m at first order.
    /// </summary>
    /// <param name="levels">The points.</param>
    /// <param name="step">The step, from 0.</param>
    public static StepFactors Factors(NoiseLevels levels, int step)
    {
        var length = levels.Length(step);
        var (ratio, clean) = (levels.Sigma(step + 1) / levels.Sigma(step), -levels.Alpha(step + 1) * Expm1(-length));
        if (levels.IsFirstOrder(step))
        {
            return new StepFactors(ratio, clean);
        }

        var before = length / (2 * levels.Length(step - 1));
        return new StepFactors(ratio, clean * (1 + before), -clean * before);
    }

    /// <summary>e^x - 1, exact near 0.</summary>
    public static double Expm1(double x) => 2 * Math.Sinh(x / 2) * Math.Exp(x / 2);
}

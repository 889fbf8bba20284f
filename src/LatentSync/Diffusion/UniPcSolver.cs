namespace LatentSync.Diffusion;

/// <summary>
/// UniPC of second order, arXiv 2302.04867, with B(h) = e^h - 1 ("bh2") on predictions of the clean latents. Once the network
/// has told its prediction m at the latents x of a step, the corrector moves x, and then the predictor makes the next step. The
/// corrector begins where the predictor before it began and differs from it in the weights of the predictions alone, so that
/// the corrected latents are x plus a combination of three predictions, and the last step's latents need not be kept.
/// </summary>
internal static class UniPcSolver
{
    // The predictor's weight of the difference, which the paper fixes at second order (section 3.3 with p = 2).
    private const double PredictorWeight = 0.5;

    /// <summary>Corrector and predictor as one step.</summary>
    /// <param name="levels">The points.</param>
    /// <param name="step">The step, from 0.</param>
    public static StepFactors Factors(NoiseLevels levels, int step)
    {
        var (predicted, corrected) = (Predict(levels, step), Correct(levels, step));
        return new StepFactors(
            predicted.Latents,
            (predicted.Latents * corrected.Now) + predicted.Now,
            (predicted.Latents * corrected.Newer) + predicted.Newer,
            predicted.Latents * corrected.Older
        );
    }

    /// <summary>UniP (algorithm 2): x' = (sigma' / sigma) x - alpha' (e^-h - 1) (m + (m' - m) / 2r), where r h &lt; 0 leads one step back.</summary>
    private static StepFactors Predict(NoiseLevels levels, int step)
    {
        var (ratio, clean) = (levels.Sigma(step + 1) / levels.Sigma(step), CleanWeight(levels, step));
        if (levels.IsFirstOrder(step))
        {
            return new StepFactors(ratio, clean);
        }

        var difference = clean * PredictorWeight / Back(levels, step);
        return new StepFactors(ratio, clean - difference, difference);
    }

    /// <summary>
    /// UniC (algorithm 1), of the order of the predictor of the step before: what it adds to the latents that the predictor
    /// gave. With the weights c of the difference one step back and d of the difference one step on, at second order
    /// c + d = phi2 / B and r c + d = 2 phi3 / B, where phi2 = B / -h - 1 and phi3 = phi2 / -h - 1 / 2.
    /// </summary>
    private static StepFactors Correct(NoiseLevels levels, int step)
    {
        if (step == 0)
        {
            return new StepFactors(1, 0);
        }

        var (last, clean) = (step - 1, CleanWeight(levels, step - 1));
        if (levels.IsFirstOrder(last))
        {
            return new StepFactors(1, clean / 2, -clean / 2);
        }

        var (length, back) = (-levels.Length(last), Back(levels, last));
        var b = DpmSolver.Expm1(length);
        var phi2 = (b / length) - 1;
        var phi3 = (phi2 / length) - 0.5;
        var (sum, weighted) = (phi2 / b, 2 * phi3 / b);
        var behind = (sum - weighted) / (1 - back);
        var ahead = sum - behind;
        var older = clean * (behind - PredictorWeight) / back;
        return new StepFactors(1, clean * ahead, (-clean * ahead) - older, older);
    }

    /// <summary>-alpha' (e^-h - 1).</summary>
    private static double CleanWeight(NoiseLevels levels, int step) => -levels.Alpha(step + 1) * DpmSolver.Expm1(-levels.Length(step));

    /// <summary>r: the way one step back, measured in the length of this step.</summary>
    private static double Back(NoiseLevels levels, int step) => -levels.Length(step - 1) / levels.Length(step);
}

namespace LatentSync.Diffusion;

/// <summary>
/// Where the samplers that look back predict the noise: steps + 1 points in equal distances from the last training step to the
/// first, at the last of which nothing is predicted any more, as the public DPM-Solver and UniPC code has it ("linspace" with the
/// final sigma "sigma_min" in diffusers). DDIM's timesteps spend the last prediction on a step of next to no length. The end is
/// DDIM's: the first training step's alpha.
/// </summary>
internal static class MultistepSchedule
{
    /// <summary>The timesteps to run, falling; 999, 949, 899 ... 50 for 20 steps.</summary>
    /// <param name="steps">Denoising steps, 1..999.</param>
    public static IReadOnlyList<int> Timesteps(int steps) =>
        [.. Enumerable.Range(1, steps).Reverse().Select(point => (int)Math.Round((DdimSchedule.TrainingSteps - 1.0) * point / steps))];

    /// <summary>The points at these timesteps, and the end.</summary>
    public static NoiseLevels Levels(IReadOnlyList<int> timesteps) =>
        new([.. timesteps.Append(0).Select(timestep => (double)DdimSchedule.AlphasCumulative[timestep])]);
}

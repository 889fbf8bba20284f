namespace LatentSync.Diffusion;

/// <summary>
/// A step of a solver that works on predictions of the clean latents, m = (x - sigma e) / alpha (arXiv 2211.01095, eq. 8 with
/// the network's noise): x' = <see cref="Latents"/> x + <see cref="Now"/> m + <see cref="Newer"/> m' + <see cref="Older"/> m'',
/// where m' and m'' are those of the step before and of the one before that.
/// </summary>
/// <param name="Latents">The factor of the latents x.</param>
/// <param name="Now">The factor of this step's prediction.</param>
/// <param name="Newer">The factor of the prediction one step earlier.</param>
/// <param name="Older">The factor of the prediction two steps earlier.</param>
internal readonly record struct StepFactors(double Latents, double Now, double Newer = 0, double Older = 0);

namespace LatentSync.Diffusion;

/// <summary>What a step takes from the predictions of the clean latents of the steps before it, and what it leaves to those after it.</summary>
/// <param name="NewerFactor">The factor of the prediction one step earlier; 0 where there is none.</param>
/// <param name="OlderFactor">The factor of the prediction two steps earlier; 0 where there is none.</param>
/// <param name="CleanLatentFactor">1 / alpha: the step's own prediction is this times the latents ...</param>
/// <param name="CleanNoiseFactor">-sigma / alpha: ... plus this times the predicted noise.</param>
/// <param name="NewerSlot">Where the prediction one step earlier is kept.</param>
/// <param name="OlderSlot">Where the oldest one is kept, which the step's own replaces; the same slot if only one is kept.</param>
internal readonly record struct HistoryFactors(
    float NewerFactor,
    float OlderFactor,
    float CleanLatentFactor,
    float CleanNoiseFactor,
    int NewerSlot,
    int OlderSlot
);

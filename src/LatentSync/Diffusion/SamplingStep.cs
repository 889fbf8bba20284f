namespace LatentSync.Diffusion;

/// <summary>One denoising step: x' = <see cref="LatentFactor"/> x + <see cref="NoiseFactor"/> e.</summary>
/// <param name="Index">Its number, from 0.</param>
/// <param name="Timestep">The diffusion timestep at which the noise e is predicted, 0..999.</param>
/// <param name="IsFull">Whether the deep part of the network runs; else its last result is used again (DeepCache).</param>
/// <param name="LatentFactor">The factor of the latents x.</param>
/// <param name="NoiseFactor">The factor of the predicted noise.</param>
internal readonly record struct SamplingStep(int Index, int Timestep, bool IsFull, float LatentFactor, float NoiseFactor)
{
    /// <summary>Makes the step in place.</summary>
    /// <param name="noise">The predicted noise e, as long as the latents.</param>
    /// <param name="latents">x; overwritten.</param>
    public void Advance(ReadOnlySpan<float> noise, Span<float> latents)
    {
        for (var i = 0; i < latents.Length; i++)
        {
            latents[i] = (LatentFactor * latents[i]) + (NoiseFactor * noise[i]);
        }
    }
}

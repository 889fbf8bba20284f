namespace LatentSync.Diffusion;

/// <summary>
/// One denoising step: x' = <see cref="LatentFactor"/> x + <see cref="NoiseFactor"/> e, plus a share of earlier predictions if
/// there is a <see cref="History"/>.
/// </summary>
/// <param name="Timestep">The diffusion timestep at which the noise e is predicted, 0..999.</param>
/// <param name="LatentFactor">The factor of the latents x.</param>
/// <param name="NoiseFactor">The factor of the predicted noise.</param>
internal readonly record struct SamplingStep(int Timestep, float LatentFactor, float NoiseFactor)
{
    /// <summary>Its number, from 0.</summary>
    public int Index { get; init; }

    /// <summary>Whether the deep part of the network runs; else its last result is used again (DeepCache).</summary>
    public bool IsFull { get; init; }

    /// <summary>Whether the network runs without audio as well.</summary>
    public bool IsGuided { get; init; }

    /// <summary>Its share of earlier steps; null for a sampler that looks at no earlier step.</summary>
    public HistoryFactors? History { get; init; }

    /// <summary>Makes the step in place.</summary>
    /// <param name="noise">The predicted noise e, as long as the latents.</param>
    /// <param name="latents">x; overwritten.</param>
    /// <param name="history">The kept predictions, <see cref="SamplerOptions.HistoryLength"/> arrays as long as the latents, one of which is replaced.</param>
    public void Advance(ReadOnlySpan<float> noise, Span<float> latents, float[][] history)
    {
        if (History is { } factors)
        {
            Advance(noise, latents, factors, history[factors.NewerSlot], history[factors.OlderSlot]);
            return;
        }

        for (var i = 0; i < latents.Length; i++)
        {
            latents[i] = (LatentFactor * latents[i]) + (NoiseFactor * noise[i]);
        }
    }

    private void Advance(ReadOnlySpan<float> noise, Span<float> latents, HistoryFactors factors, ReadOnlySpan<float> newer, Span<float> older)
    {
        for (var i = 0; i < latents.Length; i++)
        {
            var (x, e) = (latents[i], noise[i]);
            latents[i] = (LatentFactor * x) + (NoiseFactor * e) + (factors.NewerFactor * newer[i]) + (factors.OlderFactor * older[i]);
            older[i] = (factors.CleanLatentFactor * x) + (factors.CleanNoiseFactor * e);
        }
    }
}

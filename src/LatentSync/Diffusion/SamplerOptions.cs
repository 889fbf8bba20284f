namespace LatentSync.Diffusion;

/// <summary>How a clip is denoised.</summary>
/// <param name="Steps">Denoising steps, 1..999.</param>
/// <param name="GuidanceScale">Classifier-free guidance weight; 1 runs the network without guidance, at half the work.</param>
/// <param name="CacheInterval">DeepCache: a full step every so many steps; 1 = every step is full.</param>
internal sealed record SamplerOptions(int Steps, float GuidanceScale, int CacheInterval)
{
    /// <summary>Whether the network runs with and without audio.</summary>
    public bool UsesGuidance => GuidanceScale > 1;
}

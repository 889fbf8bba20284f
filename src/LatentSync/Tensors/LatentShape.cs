namespace LatentSync.Tensors;

/// <summary>The shape that the VAE of Stable Diffusion gives its latents.</summary>
internal static class LatentShape
{
    /// <summary>Channels of a latent.</summary>
    public const int Channels = 4;

    /// <summary>Pixels of the face, in each direction, that become one latent.</summary>
    public const int PixelsPerLatent = 8;
}

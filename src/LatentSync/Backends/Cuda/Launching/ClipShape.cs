using LatentSync.Diffusion;
using LatentSync.Tensors;

namespace LatentSync.Backends.Cuda.Launching;

/// <summary>Sizes of a clip, and how it is cut to save memory. The result does not depend on the cuts, but for rounding.</summary>
/// <param name="Frames">Frames that there is room for.</param>
/// <param name="FaceSide">Width and height of a face.</param>
/// <param name="AudioTokens">Audio tokens of a frame.</param>
/// <param name="Steps">Steps of the sampler that there is room for.</param>
/// <param name="IsGuided">Whether the network runs with and without the sound at some step.</param>
internal sealed record ClipShape(int Frames, int FaceSide, int AudioTokens, int Steps, bool IsGuided)
{
    private readonly int _vaeImages = Frames;

    /// <summary>Whether both run together, or one after the other.</summary>
    public bool JoinsGuidance { get; init; } = true;

    /// <summary>Whether the network runs with the sound alone at some step.</summary>
    public bool HasUnguidedSteps { get; init; } = !IsGuided;

    /// <summary>See <see cref="SamplerOptions.HistoryLength"/>.</summary>
    public int HistoryLength { get; init; }

    /// <summary>See <see cref="Lists.LaunchShape.SliceBytes"/>.</summary>
    public long SliceBytes { get; init; } = long.MaxValue;

    /// <summary>Images that go through the VAE at once.</summary>
    public int VaeImages
    {
        get => _vaeImages;
        init => _vaeImages = Math.Min(value, Frames);
    }

    /// <summary>Width and height of latents.</summary>
    public int LatentSide => FaceSide / LatentShape.PixelsPerLatent;

    /// <summary>Pixels of a face.</summary>
    public int FacePixels => FaceSide * FaceSide;

    /// <summary>Pixels of latents.</summary>
    public int LatentPixels => LatentSide * LatentSide;

    /// <summary>Whether clips of so many frames can be sampled like this with lists of this shape.</summary>
    public bool HasRoomFor(int frames, SamplerOptions sampling) =>
        frames <= Frames
        && sampling.Steps <= Steps
        && sampling.UsesGuidance == IsGuided
        && (HasUnguidedSteps || !sampling.MixesGuidance)
        && sampling.HistoryLength <= HistoryLength;
}

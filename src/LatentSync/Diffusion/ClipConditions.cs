using LatentSync.Tensors;

namespace LatentSync.Diffusion;

/// <summary>What a clip is denoised from.</summary>
/// <param name="Mask">[frames, height, width]: 1 keeps, 0 is to be painted.</param>
/// <param name="MaskedImageLatents">[frames, 4, height, width]: the masked faces, encoded and scaled.</param>
/// <param name="ReferenceLatents">[frames, 4, height, width]: the whole faces, encoded and scaled.</param>
/// <param name="Audio">[frames, tokens, width]: the audio tokens of each frame.</param>
internal sealed record ClipConditions(Tensor Mask, Tensor MaskedImageLatents, Tensor ReferenceLatents, Tensor Audio)
{
    /// <summary>Frames of the clip.</summary>
    public int Frames => ReferenceLatents.Shape[0];

    /// <summary>Throws unless the parts fit each other.</summary>
    public void Validate()
    {
        ReferenceLatents.RequireShape(nameof(ReferenceLatents), -1, LatentShape.Channels, -1, -1);
        var (frames, height, width) = (Frames, ReferenceLatents.Shape[2], ReferenceLatents.Shape[3]);
        MaskedImageLatents.RequireShape(nameof(MaskedImageLatents), frames, LatentShape.Channels, height, width);
        Mask.RequireShape(nameof(Mask), frames, height, width);
        Audio.RequireShape(nameof(Audio), frames, -1, -1);
    }
}

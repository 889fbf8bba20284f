namespace LatentSync.Checkpoints.Config;

/// <summary>What a down or up block of the UNet is made of.</summary>
internal enum UNetBlockKind
{
    /// <summary>Resnets only: DownBlock3D, UpBlock3D.</summary>
    Convolution,

    /// <summary>Resnets, each followed by a transformer that attends to the audio: CrossAttnDownBlock3D, CrossAttnUpBlock3D.</summary>
    CrossAttention,
}

namespace LatentSync.Networks.UNet;

/// <summary>A resnet and what follows it.</summary>
/// <param name="Block">The block it is in, by its name in the checkpoint.</param>
/// <param name="Index">Its number in the block.</param>
/// <param name="Size">Width and height of its maps.</param>
/// <param name="Channels">Channels that come in.</param>
/// <param name="SkipChannels">Channels that are joined first; 0 outside the up blocks.</param>
/// <param name="OutChannels">Channels that go out.</param>
/// <param name="Attends">Whether a spatial transformer follows.</param>
/// <param name="Moves">Whether a motion module follows.</param>
internal sealed record UNetLayer(string Block, int Index, int Size, int Channels, int SkipChannels, int OutChannels, bool Attends, bool Moves)
{
    /// <summary>Whether its block ends with it and halves the size.</summary>
    public bool Halves { get; init; }

    /// <summary>Whether its block ends with it and doubles the size.</summary>
    public bool Doubles { get; init; }

    /// <summary>Name of the resnet.</summary>
    public string Resnet => Invariant($"{Block}.resnets.{Index}");

    /// <summary>Name of the spatial transformer.</summary>
    public string Transformer => Invariant($"{Block}.attentions.{Index}");

    /// <summary>Name of the motion module.</summary>
    public string Motion => Invariant($"{Block}.motion_modules.{Index}");
}

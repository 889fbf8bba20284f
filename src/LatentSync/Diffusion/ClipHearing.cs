namespace LatentSync.Diffusion;

/// <summary>What a clip hears on its way through the network.</summary>
internal enum ClipHearing
{
    /// <summary>Its sound.</summary>
    Sound,

    /// <summary>Nothing: the half of guidance that tells what the sound does.</summary>
    Silence,

    /// <summary>Both, side by side.</summary>
    Both,
}

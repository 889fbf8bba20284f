namespace LatentSync.Networks.UNet;

/// <summary>Numbers of the UNet that its configuration does not name.</summary>
internal static class UNetConstants
{
    /// <summary>Epsilon of the group norms in front of the transformers.</summary>
    public const float TransformerNormEpsilon = 1e-6f;

    /// <summary>The feed-forward layers are four times as wide inside.</summary>
    public const int FeedForwardExpansion = 4;
}

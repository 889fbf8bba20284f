namespace LatentSync.Networks.Dialects;

/// <summary>How a convolution pads its input with zeros.</summary>
internal enum Padding
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By one on each side.</summary>
    One,

    /// <summary>By one at the right and the bottom only, as the VAE's down-sampling does.</summary>
    RightAndBottom,
}

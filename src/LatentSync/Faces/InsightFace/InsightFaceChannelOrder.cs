namespace LatentSync.Faces.InsightFace;

/// <summary>The order in which the InsightFace networks are given the colours.</summary>
internal enum InsightFaceChannelOrder
{
    /// <summary>Red first, as the networks were trained: the better choice.</summary>
    Rgb,

    /// <summary>Blue first, as the reference implementation feeds them by mistake: it hands RGB frames to a library that expects BGR and swaps.</summary>
    Bgr,
}

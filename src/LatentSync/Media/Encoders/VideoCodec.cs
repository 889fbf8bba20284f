namespace LatentSync;

/// <summary>How the pictures of the result are encoded.</summary>
public enum VideoCodec
{
    /// <summary>H.264 with libx264; plays everywhere.</summary>
    H264 = 0,

    /// <summary>H.265 with libx265.</summary>
    Hevc = 1,

    /// <summary>AV1 with SVT-AV1.</summary>
    Av1 = 2,

    /// <summary>Apple ProRes, for editing; .mov and .mkv only.</summary>
    ProRes = 3,
}

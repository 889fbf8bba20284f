namespace LatentSync;

/// <summary>What the pictures of the result are encoded with. Hardware is faster and, at the same size, a little worse.</summary>
public enum VideoEncoderKind
{
    /// <summary>The processor: libx264, libx265, SVT-AV1 or ProRes.</summary>
    Software = 0,

    /// <summary>The first of the others that works on this machine with the other settings, else <see cref="Software"/>.</summary>
    Auto = 1,

    /// <summary>NVIDIA cards.</summary>
    Nvenc = 2,

    /// <summary>Intel Quick Sync Video.</summary>
    Qsv = 3,

    /// <summary>VA-API, Linux's interface to Intel and AMD.</summary>
    Vaapi = 4,

    /// <summary>AMD on Windows.</summary>
    Amf = 5,

    /// <summary>Macs.</summary>
    VideoToolbox = 6,
}

namespace LatentSync.Faces.InsightFace;

/// <summary>(value - Mean) / Scale for 8-bit values.</summary>
internal readonly record struct PixelNormalization(float Mean, float Scale)
{
    /// <summary>For networks that normalise by themselves: 0..255.</summary>
    public static PixelNormalization None { get; } = new(0, 1);

    /// <summary>To about -1..1.</summary>
    public static PixelNormalization Centered { get; } = new(127.5f, 128);

    /// <summary>Normalises one value.</summary>
    public float Apply(float value) => (value - Mean) / Scale;
}

namespace LatentSync.Media.Formats;

/// <summary>How the numbers of a video mean colours, in ffmpeg's names; null where the file does not say.</summary>
/// <param name="Range"><c>tv</c> (16-235) or <c>pc</c> (0-255).</param>
/// <param name="Matrix">The YCbCr matrix, such as <c>bt709</c>.</param>
/// <param name="Transfer">The transfer function, such as <c>bt709</c> or <c>smpte2084</c>.</param>
/// <param name="Primaries">The primaries, such as <c>bt709</c> or <c>bt2020</c>.</param>
internal sealed record ColorTags(string? Range, string? Matrix, string? Transfer, string? Primaries)
{
    /// <summary>High dynamic range: PQ or HLG.</summary>
    public bool IsHighDynamicRange => Transfer is "smpte2084" or "arib-std-b67";

    /// <summary>What televisions and browsers show: BT.709, limited range.</summary>
    public static ColorTags Standard { get; } = new("tv", "bt709", "bt709", "bt709");

    /// <summary>A file that says nothing.</summary>
    public static ColorTags None { get; } = new(null, null, null, null);
}

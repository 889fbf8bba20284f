using LatentSync.Media.Formats;

namespace LatentSync.Media.Read;

/// <summary>The ffmpeg filters that turn what a source stores into upright, opaque, full-range RGB of standard dynamic range.</summary>
internal static class SourceFilters
{
    /// <summary>The filter without which HDR cannot be read; not every build of ffmpeg has it.</summary>
    public const string RangeFilter = "zscale";

    /// <summary>
    /// Scaler settings. Repeating chroma when reading and averaging it when writing undo each other: 84.9 dB for
    /// YCbCr -> RGB -> YCbCr, against 70.2 dB with bilinear chroma and 48.9 dB with swscale's fast path.
    /// </summary>
    private const string ScalerFlags = "accurate_rnd+full_chroma_int+neighbor";

    // Where a picture is reduced, every pixel counts.
    private const string ReducerFlags = "accurate_rnd+full_chroma_int+area";

    // White of a diffuse surface in HDR video (ITU-R BT.2408), and the peak that most of it is graded for, in cd/m2.
    private const double ReferenceWhite = 203;
    private const double GradedPeak = 1000;

    /// <summary>
    /// ffmpeg's options that choose a decoder; its own drops the transparency of VP8 and VP9, and that of Theora takes no new
    /// header, as chained Ogg has, while it runs on several cores.
    /// </summary>
    public static IReadOnlyList<string> Decoder(VideoStreamInfo info) =>
        info switch
        {
            { Codec: "theora" } => ["-threads", "1"],
            { HasSeparateAlpha: true, Codec: "vp9" } => ["-c:v", "libvpx-vp9"],
            { HasSeparateAlpha: true } => ["-c:v", "libvpx"],
            _ => [],
        };

    /// <summary>
    /// One picture for each two fields, before anything else. Every frame is taken, since some decoders do not mark the
    /// frames of an interlaced stream; the size is named because the filter does not bear a change midway.
    /// </summary>
    public static IReadOnlyList<string> Deinterlace(VideoStreamInfo info) =>
        info.IsInterlaced ? [Invariant($"scale=w={info.Width}:h={info.Height}"), "bwdif=mode=send_frame:deint=all"] : [];

    /// <summary>Turns the picture where ffmpeg does not do so itself.</summary>
    public static IReadOnlyList<string> Upright(VideoStreamInfo info) =>
        !info.RotationIsFromTag
            ? []
            :
            [
                .. info.IsMirrored ? (string[])["hflip"] : [],
                .. info.Rotation switch
                {
                    90 => (string[])["transpose=clock"],
                    180 => ["hflip", "vflip"],
                    270 => ["transpose=cclock"],
                    _ => [],
                },
            ];

    /// <summary>RGB of the upright size, whatever size a stream changes to midway.</summary>
    public static IReadOnlyList<string> ToRgb(VideoStreamInfo info)
    {
        var color = ColorConversion.For(info.Color, info.Width, info.Height);
        var flags = info.Reduced is null ? ScalerFlags : ReducerFlags;
        var scale = Invariant(
            $"scale=w={info.DisplayWidth}:h={info.DisplayHeight}:in_color_matrix={color.Matrix}:in_range={color.Range}:out_range=pc:flags={flags}"
        );
        return info switch
        {
            { Color.IsHighDynamicRange: true } => [Invariant($"scale=w={info.DisplayWidth}:h={info.DisplayHeight}"), .. ToStandardRange(info.Color)],
            { Format.HasAlpha: true } => [scale, "format=gbrap", "premultiply=inplace=1"],
            _ => [scale],
        };
    }

    /// <summary>
    /// Down to the range and colours of an ordinary screen: diffuse white becomes white, and what is brighter is bent below it.
    /// </summary>
    private static string[] ToStandardRange(ColorTags color) =>
        [
            $"zscale=tin={color.Transfer}:min={color.Matrix ?? "bt2020nc"}:pin={color.Primaries ?? "bt2020"}:"
                + Invariant($"rin={(color.Range == "pc" ? "full" : "limited")}:t=linear:npl={ReferenceWhite}"),
            "format=gbrpf32le",
            "zscale=p=bt709",
            Invariant($"tonemap=tonemap=mobius:desat=0:peak={GradedPeak / ReferenceWhite:0.###}"),
            "zscale=t=bt709:m=gbr:r=full",
            "format=gbrp",
        ];
}

namespace LatentSync.Media.Encoders;

/// <summary>
/// The encoders of graphics cards, set to constant quality. Their quantizers go by the scale of the codec, so that a
/// constant rate factor of H.264 and HEVC is used as it is; AV1's quantizer index goes to 255 instead of 63.
/// </summary>
internal static class HardwareEncoders
{
    private const int WorstQuantizer = 51;
    private const int WorstAv1RateFactor = 63;
    private const int Av1IndexStep = 4;

    private static readonly string[] NvencPresets = [.. Enumerable.Range(1, 7).Select(n => Invariant($"p{n}"))];
    private static readonly string[] QsvPresets = ["veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow"];
    private static readonly string[] AmfPresets = ["speed", "balanced", "quality"];

    /// <summary>The order in which <see cref="VideoEncoderKind.Auto"/> tries them.</summary>
    public static IReadOnlyList<VideoEncoderKind> Kinds { get; } =
    [VideoEncoderKind.Nvenc, VideoEncoderKind.VideoToolbox, VideoEncoderKind.Qsv, VideoEncoderKind.Amf, VideoEncoderKind.Vaapi];

    /// <summary>The encoder of a codec; null where there is none.</summary>
    public static VideoEncoder? Find(VideoCodec codec, VideoEncoderKind kind) =>
        (kind, codec) switch
        {
            (_, VideoCodec.ProRes) or (VideoEncoderKind.VideoToolbox, VideoCodec.Av1) => null,
            (VideoEncoderKind.Nvenc, _) => Base(codec, "nvenc") with
            {
                PresetOption = "-preset",
                DefaultPreset = "p4",
                Presets = NvencPresets,
                PixelFormats = Formats(codec, codec == VideoCodec.Av1 ? [] : ["yuv444p"]),

                // Its scale begins at 1; 0 leaves the choice to the card.
                Quality = factor => ["-rc", "vbr", "-cq", Number(Math.Clamp(factor, 1, WorstQuantizer)), "-b:v", "0"],
            },
            (VideoEncoderKind.Qsv, _) => Base(codec, "qsv") with
            {
                PresetOption = "-preset",
                DefaultPreset = "medium",
                Presets = QsvPresets,
                Quality = factor => ["-global_quality", Number(Math.Clamp(factor, 1, WorstQuantizer))],
            },
            (VideoEncoderKind.Vaapi, _) => Base(codec, "vaapi") with
            {
                Device = ["-init_hw_device", "vaapi=hw", "-filter_hw_device", "hw"],
                Upload = ",hwupload",
                Quality =
                    codec == VideoCodec.Av1
                        ? factor => ["-rc_mode", "CQP", "-global_quality", Number(Math.Max(factor * Av1IndexStep, 1))]
                        : factor => ["-rc_mode", "CQP", "-qp", Number(Math.Max(factor, 1))],
            },
            (VideoEncoderKind.Amf, _) => Base(codec, "amf") with
            {
                PresetOption = "-quality",
                DefaultPreset = "balanced",
                Presets = AmfPresets,
                PixelFormats = ["yuv420p"],
                Quality = factor =>
                    Number(codec == VideoCodec.Av1 ? factor * Av1IndexStep : factor) is var quantizer
                        ? ["-rc", "cqp", "-qp_i", quantizer, "-qp_p", quantizer, .. codec == VideoCodec.H264 ? (string[])["-qp_b", quantizer] : []]
                        : [],
            },
            (VideoEncoderKind.VideoToolbox, _) => Base(codec, "videotoolbox") with { Quality = factor => ["-q:v", Number(VideoToolboxQuality(factor))] },
            _ => null,
        };

    /// <summary>What the kinds have in common: semi-planar pictures of 4:2:0.</summary>
    private static VideoEncoder Base(VideoCodec codec, string suffix) =>
        new()
        {
            Name = codec switch
            {
                VideoCodec.Hevc => "hevc",
                VideoCodec.Av1 => "av1",
                _ => "h264",
            },
            Library = $"{(codec switch { VideoCodec.Hevc => "hevc", VideoCodec.Av1 => "av1", _ => "h264" })}_{suffix}",
            IsHardware = true,
            Presets = [],
            PixelFormats = Formats(codec),
            DefaultRateFactor = SoftwareEncoders.For(codec).DefaultRateFactor,
            WorstRateFactor = codec == VideoCodec.Av1 ? WorstAv1RateFactor : WorstQuantizer,
            FollowsDepth = codec != VideoCodec.H264,
            QuickTimeTag = codec == VideoCodec.Hevc ? "hvc1" : null,
            RefusedEnding = codec == VideoCodec.Av1 ? ".mov" : null,
        };

    private static string[] Formats(VideoCodec codec, params string[] more) =>
        codec == VideoCodec.H264 ? ["yuv420p", .. more] : ["yuv420p", "yuv420p10le", .. more];

    /// <summary>From 100, the best, down to 1: 81 at the default of H.264.</summary>
    private static int VideoToolboxQuality(int factor) => Math.Clamp(100 - (factor * 3 / 2), 1, 100);

    private static string Number(int value) => Invariant($"{value}");
}

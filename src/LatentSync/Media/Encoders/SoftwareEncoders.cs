namespace LatentSync.Media.Encoders;

/// <summary>The encoders that run on the processor.</summary>
internal static class SoftwareEncoders
{
    private static readonly string[] SpeedNames = ["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow", "placebo"];

    private static readonly string[] EveryFormat = ["yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "yuv422p10le", "yuv444p10le"];

    private static readonly VideoEncoder H264 = new()
    {
        Name = "h264",
        Library = "libx264",
        DefaultPreset = "veryfast",
        Presets = SpeedNames,
        PixelFormats = EveryFormat,
        DefaultRateFactor = 13,
        WorstRateFactor = 51,
        FollowsDepth = false,

        // Frames keep their own times. Without this the stream also claims as many frames a second as the clock has ticks.
        Extra = ["-x264-params", "force-cfr=1"],
    };

    private static readonly VideoEncoder Hevc = new()
    {
        Name = "hevc",
        Library = "libx265",
        DefaultPreset = "veryfast",
        Presets = SpeedNames,
        PixelFormats = EveryFormat,
        DefaultRateFactor = 14,
        WorstRateFactor = 51,
        Extra = ["-x265-params", "log-level=error"],
        QuickTimeTag = "hvc1",
    };

    private static readonly VideoEncoder Av1 = new()
    {
        Name = "av1",
        Library = "libsvtav1",
        DefaultPreset = "8",
        Presets = [.. Enumerable.Range(0, 14).Select(n => Invariant($"{n}"))],
        PixelFormats = ["yuv420p", "yuv420p10le"],
        DefaultRateFactor = 13,
        WorstRateFactor = 63,
        RefusedEnding = ".mov",
    };

    private static readonly VideoEncoder ProRes = new()
    {
        Name = "prores",
        Library = "prores_ks",
        PresetOption = "-profile:v",
        DefaultPreset = "hq",
        Presets = ["proxy", "lt", "standard", "hq"],
        PixelFormats = ["yuv422p10le"],
        IntermediateMuxer = "mov",
        RefusedEnding = ".mp4",
    };

    /// <summary>The encoder of a codec.</summary>
    public static VideoEncoder For(VideoCodec codec) =>
        codec switch
        {
            VideoCodec.Hevc => Hevc,
            VideoCodec.Av1 => Av1,
            VideoCodec.ProRes => ProRes,
            _ => H264,
        };
}

namespace LatentSync.Media;

/// <summary>An encoder of ffmpeg, its settings by default and the ones that are let through to it.</summary>
internal sealed record VideoEncoder
{
    private static readonly string[] SpeedNames =
        ["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow", "placebo"];

    private static readonly string[] EveryFormat = ["yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "yuv422p10le", "yuv444p10le"];

    private static readonly VideoEncoder H264 = new()
    {
        Name = "h264",
        Library = "libx264",
        Presets = SpeedNames,
        PixelFormats = EveryFormat,
        DefaultRateFactor = 13,
        WorstRateFactor = 51,

        // Frames keep their own times. Without this the stream also claims as many frames a second as the clock has ticks.
        Extra = ["-x264-params", "force-cfr=1"],
    };

    private static readonly VideoEncoder Hevc = new()
    {
        Name = "hevc",
        Library = "libx265",
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
        DefaultPixelFormat = "yuv422p10le",
        IntermediateMuxer = "mov",
        RefusedEnding = ".mp4",
    };

    private VideoEncoder()
    {
    }

    /// <summary>The codec's name on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>ffmpeg's name of the encoder.</summary>
    public required string Library { get; init; }

    /// <summary>Presets, or profiles, that may be asked for.</summary>
    public required IReadOnlyList<string> Presets { get; init; }

    /// <summary>Pixel formats that may be asked for.</summary>
    public required IReadOnlyList<string> PixelFormats { get; init; }

    /// <summary>The highest constant rate factor; null if the encoder has none.</summary>
    public int? WorstRateFactor { get; private init; }

    /// <summary>The container that keeps the pictures until the sound is added.</summary>
    public string IntermediateMuxer { get; private init; } = "mp4";

    /// <summary>The ending of the one kind of file that does not take these pictures; null if all do.</summary>
    public string? RefusedEnding { get; private init; }

    private string DefaultPreset { get; init; } = "veryfast";

    private string PresetOption { get; init; } = "-preset";

    private string? DefaultPixelFormat { get; init; }

    private int? DefaultRateFactor { get; init; }

    private string? QuickTimeTag { get; init; }

    private string[] Extra { get; init; } = [];

    /// <summary>The encoder of a codec.</summary>
    public static VideoEncoder For(VideoCodec codec) => codec switch
    {
        VideoCodec.Hevc => Hevc,
        VideoCodec.Av1 => Av1,
        VideoCodec.ProRes => ProRes,
        _ => H264,
    };

    /// <summary>ffmpeg's arguments that choose the encoder and set it.</summary>
    public IReadOnlyList<string> Arguments(VideoEncoding encoding) =>
    [
        "-c:v", Library, PresetOption, encoding.Preset ?? DefaultPreset,
        .. (encoding.Crf ?? DefaultRateFactor) is { } crf ? (string[])["-crf", Invariant($"{crf}")] : [],
        .. Extra,
    ];

    /// <summary>The four letters that QuickTime and its relatives expect; without them Apple's players show no HEVC.</summary>
    public IReadOnlyList<string> Tag(string muxer) => QuickTimeTag is { } tag && muxer is "mp4" or "mov" ? ["-tag:v", tag] : [];

    /// <summary>The pixel format of the result. 4:2:0 has no odd sizes; 4:4:4 keeps the size, though fewer players show it.</summary>
    public string PixelFormat(VideoEncoding encoding, int width, int height) =>
        encoding.PixelFormat ?? DefaultPixelFormat ?? (Fits("yuv420p", width, height) ? "yuv420p" : "yuv444p");

    /// <summary>A sentence if the pictures do not go into that kind of file, or not into the pixel format; otherwise null.</summary>
    public string? Mistake(VideoEncoding encoding, string path, int width, int height)
    {
        if (string.Equals(Path.GetExtension(path), RefusedEnding, StringComparison.OrdinalIgnoreCase))
        {
            return $"\"{path}\" cannot hold {Name}; choose a name that ends in .mkv.";
        }

        var format = PixelFormat(encoding, width, height);
        return !PixelFormats.Contains(format, StringComparer.Ordinal) || !Fits(format, width, height)
            ? Invariant($"Pictures of {width}x{height} cannot be written as {format} with {Name}, which needs an even number of columns and rows; choose another --codec or --pix-fmt.")
            : null;
    }

    private static bool Fits(string format, int width, int height) =>
        format.StartsWith("yuv444", StringComparison.Ordinal)
        || (width % 2 == 0 && (height % 2 == 0 || format.StartsWith("yuv422", StringComparison.Ordinal)));
}

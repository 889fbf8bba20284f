using LatentSync.Media.Formats;

namespace LatentSync.Media.Encoders;

/// <summary>An encoder of ffmpeg, its settings by default and the ones that are let through to it.</summary>
internal sealed record VideoEncoder
{
    private const int DeepFrom = 10;
    private const string Deep = "10le";

    /// <summary>The codec's name on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>ffmpeg's name of the encoder.</summary>
    public required string Library { get; init; }

    /// <summary>Presets, or profiles, that may be asked for.</summary>
    public required IReadOnlyList<string> Presets { get; init; }

    /// <summary>Pixel formats that may be asked for.</summary>
    public required IReadOnlyList<string> PixelFormats { get; init; }

    /// <summary>Whether a machine has it is known only when it was tried.</summary>
    public bool IsHardware { get; init; }

    /// <summary>The highest constant rate factor; null if the encoder has none.</summary>
    public int? WorstRateFactor { get; init; }

    /// <summary>The constant rate factor unless the user says otherwise.</summary>
    public int? DefaultRateFactor { get; init; }

    /// <summary>More than 8 bits are kept unless the user says otherwise, since players bear it.</summary>
    public bool FollowsDepth { get; init; } = true;

    /// <summary>The container that keeps the pictures until the sound is added.</summary>
    public string IntermediateMuxer { get; init; } = "mp4";

    /// <summary>The ending of the one kind of file that does not take these pictures; null if all do.</summary>
    public string? RefusedEnding { get; init; }

    /// <summary>The preset unless the user says otherwise; null where there are none.</summary>
    public string? DefaultPreset { get; init; }

    /// <summary>The encoder's option for it.</summary>
    public string PresetOption { get; init; } = "-preset";

    /// <summary>The encoder's options for a constant rate factor.</summary>
    public Func<int, string[]> Quality { get; init; } = factor => ["-crf", Invariant($"{factor}")];

    /// <summary>Four letters instead of the usual ones in QuickTime and its relatives.</summary>
    public string? QuickTimeTag { get; init; }

    /// <summary>More options.</summary>
    public string[] Extra { get; init; } = [];

    /// <summary>Options that open a device, in front of the input.</summary>
    public string[] Device { get; init; } = [];

    /// <summary>What ends the filters: the way of the pictures into the device.</summary>
    public string Upload { get; init; } = "";

    /// <summary>The encoder of settings that were validated; for <see cref="VideoEncoderKind.Auto"/> that of the processor.</summary>
    public static VideoEncoder For(VideoEncoding encoding) =>
        Find(encoding.Codec, encoding.Encoder) ?? throw new ArgumentException("No such encoder exists.", nameof(encoding));

    /// <summary>The encoder of a codec; null where that kind has none.</summary>
    public static VideoEncoder? Find(VideoCodec codec, VideoEncoderKind kind) =>
        kind is VideoEncoderKind.Software or VideoEncoderKind.Auto ? SoftwareEncoders.For(codec) : HardwareEncoders.Find(codec, kind);

    /// <summary>ffmpeg's arguments that choose the encoder and set it.</summary>
    public IReadOnlyList<string> Arguments(VideoEncoding encoding) =>
        [
            "-c:v",
            Library,
            .. (encoding.Preset ?? DefaultPreset) is { } preset ? (string[])[PresetOption, preset] : [],
            .. (encoding.Crf ?? DefaultRateFactor) is { } factor ? Quality(factor) : [],
            .. Extra,
        ];

    /// <summary>The four letters that QuickTime and its relatives expect; without them Apple's players show no HEVC.</summary>
    public IReadOnlyList<string> Tag(string muxer) => QuickTimeTag is { } tag && muxer is "mp4" or "mov" ? ["-tag:v", tag] : [];

    /// <summary>
    /// The pixel format of the result: the one asked for, else the source's as far as there is such a one. 4:2:0 has no odd
    /// sizes; 4:4:4 keeps the size, though fewer players show it.
    /// </summary>
    public string PixelFormat(VideoEncoding encoding, PictureFormat source, int width, int height) =>
        encoding.PixelFormat
        ?? Candidates(source).FirstOrDefault(format => PixelFormats.Contains(format, StringComparer.Ordinal) && Fits(format, width, height))
        ?? PixelFormats[0];

    /// <summary>The same under the name of the layout that the encoder takes: hardware wants chroma in pairs.</summary>
    public string FilterFormat(VideoEncoding encoding, PictureFormat source, int width, int height) =>
        PixelFormat(encoding, source, width, height) switch
        {
            "yuv420p" when IsHardware => "nv12",
            "yuv420p10le" when IsHardware => "p010le",
            var format => format,
        };

    /// <summary>A sentence if the pictures do not go into that kind of file, or not into the pixel format; otherwise null.</summary>
    public FormattableString? Mistake(VideoEncoding encoding, string path, PictureFormat source, int width, int height)
    {
        if (string.Equals(Path.GetExtension(path), RefusedEnding, StringComparison.OrdinalIgnoreCase))
        {
            return $"\"{path}\" cannot hold {Name}; choose a name that ends in .mkv.";
        }

        var format = PixelFormat(encoding, source, width, height);
        var (codec, pixelFormat) = (new OptionReference(nameof(VideoEncoding.Codec)), new OptionReference(nameof(VideoEncoding.PixelFormat)));
        return !PixelFormats.Contains(format, StringComparer.Ordinal) || !Fits(format, width, height)
            ? (FormattableString)
                $"{Name} cannot write {width}x{height} pictures as {format}, which needs an even width and height; choose another {codec} or {pixelFormat}."
            : null;
    }

    /// <summary>From what keeps everything to what is shown everywhere.</summary>
    private string[] Candidates(PictureFormat source)
    {
        var wanted = Invariant($"yuv{(int)source.Chroma}p");
        string[] shallow = [wanted, "yuv420p", "yuv444p"];
        return FollowsDepth && source.BitDepth >= DeepFrom ? [.. shallow.Select(format => format + Deep), .. shallow] : shallow;
    }

    private static bool Fits(string format, int width, int height) =>
        format.StartsWith("yuv444", StringComparison.Ordinal) || (width % 2 == 0 && (height % 2 == 0 || format.StartsWith("yuv422", StringComparison.Ordinal)));
}

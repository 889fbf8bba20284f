namespace LatentSync.Media;

/// <summary>
/// The two ffmpeg commands of a written video: encode the frames, then, when there is sound, put both together without
/// touching the pictures again. In one command the sound could not end with the pictures: their number is known only at
/// the end, and ffmpeg's <c>-shortest</c> would cut the pictures where the sound is shorter.
/// </summary>
internal static class VideoWriteCommand
{
    /// <summary>The container between the two commands: it keeps timestamps exactly.</summary>
    public const string IntermediateMuxer = "mp4";

    private const string ScalerFlags = "accurate_rnd+full_chroma_inp+area";
    private const string AudioBitRate = "256k";

    /// <summary>Reads rgb24 frames from standard input and encodes them.</summary>
    /// <param name="options">What to write.</param>
    /// <param name="muxer">ffmpeg's name of the file format.</param>
    /// <param name="outputPath">Where to, as a full path; replaced.</param>
    public static IReadOnlyList<string> Encode(VideoWriteOptions options, string muxer, string outputPath)
    {
        var color = ColorConversion.For(options.Color, options.Width, options.Height);
        return
        [
            "-nostdin", "-hide_banner", "-loglevel", "error", "-y",
            "-protocol_whitelist", "pipe",
            "-f", "rawvideo", "-pix_fmt", "rgb24",
            "-video_size", Invariant($"{options.Width}x{options.Height}"),
            "-framerate", options.FrameRate.ToString(),
            "-i", "pipe:0",
            "-vf", $"scale=in_range=pc:out_color_matrix={color.Matrix}:out_range={color.Range}:flags={ScalerFlags},format={PixelFormat(options)},setsar={options.SampleAspectRatio}",
            "-c:v", "libx264", "-preset", options.Preset, "-crf", Invariant($"{options.ConstantRateFactor}"),
            .. Tags(options.Color, color),
            .. FastStart(muxer),
            "-f", muxer, MediaInput.Url(outputPath),
        ];
    }

    /// <summary>Puts encoded pictures and a sound track into one file.</summary>
    /// <param name="picturePath">The file written by <see cref="Encode"/>.</param>
    /// <param name="soundPath">The file with the sound.</param>
    /// <param name="audio">Its sound track.</param>
    /// <param name="duration">Of the pictures; the sound is cut there.</param>
    /// <param name="container">The kind of file to write.</param>
    /// <param name="outputPath">Where to, as a full path; replaced.</param>
    public static IReadOnlyList<string> Mux(string picturePath, string soundPath, AudioStreamInfo audio, TimeSpan duration, OutputContainer container, string outputPath) =>
    [
        "-nostdin", "-hide_banner", "-loglevel", "error", "-y",
        "-protocol_whitelist", "file", "-f", IntermediateMuxer, "-i", MediaInput.Url(picturePath),
        .. MediaInput.Restrictions, "-t", duration.TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture), "-i", MediaInput.Url(soundPath),
        "-map", "0:v:0", "-map", Invariant($"1:{audio.Index}"), "-map_chapters", "-1",
        "-c:v", "copy",
        .. container.Copies(audio.Codec) ? (string[])["-c:a", "copy"] : ["-c:a", "aac", "-b:a", AudioBitRate],

        // Older versions of ffmpeg call FLAC in MP4 experimental.
        "-strict", "experimental",
        .. FastStart(container.Muxer),
        "-f", container.Muxer, MediaInput.Url(outputPath),
    ];

    /// <summary>4:2:0 has no odd sizes; 4:4:4 keeps the size, though fewer players show it.</summary>
    private static string PixelFormat(VideoWriteOptions options) =>
        options.Width % 2 == 0 && options.Height % 2 == 0 ? "yuv420p" : "yuv444p";

    /// <summary>ffprobe and the encoder name some tags differently; a matrix that is not YCbCr is replaced by the one written.</summary>
    private static List<string> Tags(ColorTags tags, ColorConversion conversion)
    {
        List<string> arguments = [];
        Add("-color_range", tags.Range);
        Add("-colorspace", tags.Matrix is "gbr" ? conversion.MatrixTag : tags.Matrix);
        Add("-color_trc", tags.Transfer switch { "bt470m" => "gamma22", "bt470bg" => "gamma28", var transfer => transfer });
        Add("-color_primaries", tags.Primaries);
        return arguments;

        void Add(string option, string? value)
        {
            if (value is not null)
            {
                arguments.Add(option);
                arguments.Add(value);
            }
        }
    }

    private static string[] FastStart(string muxer) => muxer is "mp4" or "mov" ? ["-movflags", "+faststart"] : [];
}

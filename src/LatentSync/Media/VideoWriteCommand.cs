namespace LatentSync.Media;

/// <summary>
/// The two ffmpeg commands of a written video: encode the frames, then, when there is sound, put both together without
/// touching the pictures again. In one command the sound could not end with the pictures: their number is known only at
/// the end, and ffmpeg's <c>-shortest</c> would cut the pictures where the sound is shorter.
/// </summary>
internal static class VideoWriteCommand
{
    // QuickTime's clock, which counts the sound's sides too, is not coarser than this.
    private const int CoarsestTimescale = 10_000;

    private const string ScalerFlags = "accurate_rnd+full_chroma_inp+area";

    /// <summary>Reads frames as <see cref="MatroskaFrames"/> from standard input and encodes them, each at its own time.</summary>
    /// <param name="options">What to write.</param>
    /// <param name="muxer">ffmpeg's name of the file format.</param>
    /// <param name="outputPath">Where to, as a full path; replaced.</param>
    public static IReadOnlyList<string> Encode(VideoWriteOptions options, string muxer, string outputPath)
    {
        var color = ColorConversion.For(options.Color, options.Width, options.Height);
        var encoder = VideoEncoder.For(options.Encoding.Codec);
        return
        [
            "-nostdin", "-hide_banner", "-loglevel", "error", "-y",
            "-protocol_whitelist", "pipe",
            "-f", "matroska", "-i", "pipe:0",
            "-vf", $"scale=in_range=pc:out_color_matrix={color.Matrix}:out_range={color.Range}:flags={ScalerFlags},format={encoder.PixelFormat(options.Encoding, options.Width, options.Height)},setsar={options.SampleAspectRatio}",
            "-fps_mode", "passthrough", "-enc_time_base", Invariant($"1/{options.Clock.TicksPerSecond}"),
            .. encoder.Arguments(options.Encoding),
            .. encoder.Tag(muxer),
            .. Timescale(muxer, options.Clock),
            .. Tags(options.Color, color),
            .. FastStart(muxer),
            "-f", muxer, MediaInput.Url(outputPath),
        ];
    }

    /// <summary>Puts encoded pictures and a sound track into one file.</summary>
    /// <param name="pictures">What <see cref="Encode"/> wrote.</param>
    /// <param name="picturePath">Where it wrote that.</param>
    /// <param name="sound">The file with the sound.</param>
    /// <param name="edit">What is done to the sound.</param>
    /// <param name="duration">Of the pictures; the sound is cut there.</param>
    /// <param name="outputPath">Where to, as a full path; replaced.</param>
    public static IReadOnlyList<string> Mux(VideoWriteOptions pictures, string picturePath, MediaInfo sound, SoundEdit edit, TimeSpan duration, string outputPath)
    {
        var (encoder, container, audio) = (VideoEncoder.For(pictures.Encoding.Codec), OutputContainer.ForPath(pictures.Path), sound.RequireAudio());
        return
        [
            "-nostdin", "-hide_banner", "-loglevel", "error", "-y",
            "-protocol_whitelist", "file", "-f", encoder.IntermediateMuxer, "-i", MediaInput.Url(picturePath),
            .. MediaInput.Restrictions, .. edit.IsNeeded ? [] : Limit(duration), "-i", MediaInput.Url(Path.GetFullPath(sound.Path)),
            .. edit.Under is { } under ? (string[])[.. MediaInput.Restrictions, "-i", MediaInput.Url(Path.GetFullPath(under.Path))] : [],
            .. edit.IsNeeded ? (string[])["-filter_complex", SoundFilter.Graph(audio, sound.Video is not null, edit, duration)] : [],
            "-map", "0:v:0", "-map", edit.IsNeeded ? SoundFilter.Output : Invariant($"1:{audio.Index}"), "-map_chapters", "-1",
            "-c:v", "copy", .. encoder.Tag(container.Muxer),
            .. Timescale(container.Muxer, pictures.Clock),
            .. container.SoundArguments(audio.Codec, edit.IsNeeded),

            // Older versions of ffmpeg call FLAC in MP4 experimental.
            "-strict", "experimental",
            .. FastStart(container.Muxer),
            "-f", container.Muxer, MediaInput.Url(outputPath),
        ];
    }

    private static string[] Limit(TimeSpan duration) => ["-t", duration.TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture)];

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

    /// <summary>A multiple of the clock, so that every time is exact; Matroska rounds to milliseconds.</summary>
    private static string[] Timescale(string muxer, FrameClock clock)
    {
        if (muxer is not ("mp4" or "mov"))
        {
            return [];
        }

        var timescale = clock.TicksPerSecond;
        while (timescale < CoarsestTimescale)
        {
            timescale *= 2;
        }

        return ["-video_track_timescale", Invariant($"{timescale}")];
    }

    private static string[] FastStart(string muxer) => muxer is "mp4" or "mov" ? ["-movflags", "+faststart"] : [];
}

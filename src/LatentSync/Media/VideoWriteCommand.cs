namespace LatentSync.Media;

/// <summary>
/// The two ffmpeg commands of a written video: encode the frames, then, when there is sound, put both together without
/// touching the pictures again. In one command the sound could not end with the pictures: their number is known only at
/// the end, and ffmpeg's <c>-shortest</c> would cut the pictures where the sound is shorter.
/// </summary>
internal static class VideoWriteCommand
{
    private const string ScalerFlags = "accurate_rnd+full_chroma_inp+area";

    /// <summary>Reads rgb24 frames from standard input and encodes them.</summary>
    /// <param name="options">What to write.</param>
    /// <param name="muxer">ffmpeg's name of the file format.</param>
    /// <param name="outputPath">Where to, as a full path; replaced.</param>
    public static IReadOnlyList<string> Encode(VideoWriteOptions options, string muxer, string outputPath)
    {
        var color = ColorConversion.For(options.Color, options.Width, options.Height);
        var encoder = VideoEncoder.For(options.Encoding);
        var format = encoder.FilterFormat(options.Encoding, options.SourceFormat, options.Width, options.Height);
        return
        [
            "-nostdin", "-hide_banner", "-loglevel", "error", "-y",
            .. encoder.Device,
            "-protocol_whitelist", "pipe",
            "-f", "rawvideo", "-pix_fmt", "rgb24",
            "-video_size", Invariant($"{options.Width}x{options.Height}"),
            "-framerate", options.FrameRate.ToString(),
            "-i", "pipe:0",
            "-vf", $"scale=in_range=pc:out_color_matrix={color.Matrix}:out_range={color.Range}:flags={ScalerFlags},format={format},setsar={options.SampleAspectRatio}{FrameTags(options.Color, color)}{encoder.Upload}",
            .. encoder.Arguments(options.Encoding),
            .. encoder.Tag(muxer),
            .. Tags(options.Color, color),
            .. options.ChromaLocation is { } location && IsQuarter(options, encoder) ? (string[])["-chroma_sample_location", location] : [],
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
        var (encoder, container) = (VideoEncoder.For(pictures.Encoding), OutputContainer.ForPath(pictures.Path));
        string[] input = ["-protocol_whitelist", "file", "-f", encoder.IntermediateMuxer, "-i", MediaInput.Url(picturePath)];
        return Mux(input, "0:v:0", encoder.Tag(container.Muxer), container, sound, edit, duration, outputPath);
    }

    /// <summary>Puts the pictures of the source, as they are stored, and a sound track into one file.</summary>
    /// <param name="options">What to write.</param>
    /// <param name="source">The file with the pictures.</param>
    /// <param name="isCut">The pictures end with <paramref name="duration"/>, before those of the source do.</param>
    /// <param name="sound">The file with the sound.</param>
    /// <param name="edit">What is done to the sound.</param>
    /// <param name="duration">Of the pictures; the sound is cut there.</param>
    /// <param name="outputPath">Where to, as a full path; replaced.</param>
    public static IReadOnlyList<string> MuxSource(VideoWriteOptions options, MediaInfo source, bool isCut, MediaInfo sound, SoundEdit edit, TimeSpan duration, string outputPath)
    {
        var (container, video) = (OutputContainer.ForPath(options.Path), source.RequireVideo());
        string[] pictures = [.. MediaInput.Restrictions, .. isCut ? Limit(duration) : [], "-i", MediaInput.Url(Path.GetFullPath(source.Path))];
        return Mux(pictures, Invariant($"0:{video.Index}"), tag: [], container, sound, edit, duration, outputPath);
    }

    private static IReadOnlyList<string> Mux(
        string[] pictures, string pictureTrack, IReadOnlyList<string> tag, OutputContainer container, MediaInfo sound, SoundEdit edit, TimeSpan duration, string outputPath)
    {
        var audio = sound.RequireAudio();
        return
        [
            "-nostdin", "-hide_banner", "-loglevel", "error", "-y",
            .. pictures,
            .. MediaInput.Restrictions, .. edit.IsNeeded ? [] : Limit(duration), "-i", MediaInput.Url(Path.GetFullPath(sound.Path)),
            .. edit.Under is { } under ? (string[])[.. MediaInput.Restrictions, "-i", MediaInput.Url(Path.GetFullPath(under.Path))] : [],
            .. edit.IsNeeded ? (string[])["-filter_complex", SoundFilter.Graph(audio, sound.Video is not null, edit, duration)] : [],
            "-map", pictureTrack, "-map", edit.IsNeeded ? SoundFilter.Output : Invariant($"1:{audio.Index}"), "-map_chapters", "-1",
            "-c:v", "copy", .. tag,
            .. container.SoundArguments(audio.Codec, edit.IsNeeded),

            // Older versions of ffmpeg call FLAC in MP4 experimental.
            "-strict", "experimental",
            .. FastStart(container.Muxer),
            "-f", container.Muxer, MediaInput.Url(outputPath),
        ];
    }

    private static bool IsQuarter(VideoWriteOptions options, VideoEncoder encoder) =>
        encoder.PixelFormat(options.Encoding, options.SourceFormat, options.Width, options.Height).StartsWith("yuv420", StringComparison.Ordinal);

    private static string[] Limit(TimeSpan duration) => ["-t", duration.TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture)];

    /// <summary>The filter that tags the frames: some encoders, such as that of ProRes, look there and not at their options.</summary>
    private static string FrameTags(ColorTags tags, ColorConversion conversion)
    {
        var settings = string.Join(':', Pairs(tags, conversion).Select(tag => $"{tag.Name}={tag.Value}"));
        return settings.Length == 0 ? string.Empty : ",setparams=" + settings;
    }

    /// <summary>The encoder's options for the same, of which it calls some by other names.</summary>
    private static List<string> Tags(ColorTags tags, ColorConversion conversion)
    {
        List<string> arguments = [];
        foreach (var (name, value) in Pairs(tags, conversion))
        {
            arguments.Add(name == "range" ? "-color_range" : "-" + name);
            arguments.Add((name, value) switch { ("color_trc", "bt470m") => "gamma22", ("color_trc", "bt470bg") => "gamma28", _ => value });
        }

        return arguments;
    }

    /// <summary>The tags that are known; a matrix that is not YCbCr is replaced by the one written.</summary>
    private static IEnumerable<(string Name, string Value)> Pairs(ColorTags tags, ColorConversion conversion)
    {
        (string Name, string? Value)[] all =
        [
            ("range", tags.Range), ("colorspace", tags.Matrix is "gbr" ? conversion.MatrixTag : tags.Matrix), ("color_trc", tags.Transfer), ("color_primaries", tags.Primaries),
        ];
        return all.Where(tag => tag.Value is not null).Select(tag => (tag.Name, tag.Value!));
    }

    private static string[] FastStart(string muxer) => muxer is "mp4" or "mov" ? ["-movflags", "+faststart"] : [];
}

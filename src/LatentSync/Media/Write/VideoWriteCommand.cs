using LatentSync.Media.Encoders;
using LatentSync.Media.Formats;
using LatentSync.Media.Probe;
using LatentSync.Media.Sound;
using LatentSync.Timeline;

namespace LatentSync.Media.Write;

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
        var encoder = VideoEncoder.For(options.Encoding);
        var format = encoder.FilterFormat(options.Encoding, options.SourceFormat, options.Width, options.Height);
        return
        [
            "-nostdin",
            "-hide_banner",
            "-loglevel",
            "error",
            "-y",
            .. encoder.Device,
            "-protocol_whitelist",
            "pipe",
            "-f",
            "matroska",
            "-i",
            "pipe:0",
            "-vf",
            $"scale=in_range=pc:out_color_matrix={color.Matrix}:out_range={color.Range}:flags={ScalerFlags},"
                + $"format={format},setsar={options.SampleAspectRatio}{FrameTags(options.Color, color)}{encoder.Upload}",
            "-fps_mode",
            "passthrough",
            "-enc_time_base",
            Invariant($"1/{options.Clock.TicksPerSecond}"),
            .. encoder.Arguments(options.Encoding),
            .. encoder.Tag(muxer),
            .. Timescale(muxer, options.Clock),
            .. Tags(options.Color, color),
            .. options.ChromaLocation is { } location && IsQuarter(options, encoder) ? (string[])["-chroma_sample_location", location] : [],
            .. FastStart(muxer),
            "-f",
            muxer,
            MediaInput.Url(outputPath),
        ];
    }

    /// <summary>The input options of pictures in one file.</summary>
    public static IReadOnlyList<string> Whole(VideoWriteOptions options, string picturePath) =>
        ["-protocol_whitelist", "file", "-f", VideoEncoder.For(options.Encoding).IntermediateMuxer, "-i", MediaInput.Url(picturePath)];

    /// <summary>The input options of pictures in several files one after the other, wherever they lie, as a <see cref="SegmentList"/> tells.</summary>
    public static IReadOnlyList<string> Joined(string listPath) =>
        ["-protocol_whitelist", "file", "-f", "concat", "-safe", "0", "-i", MediaInput.Url(listPath)];

    /// <summary>Puts encoded pictures and a sound track into one file.</summary>
    /// <param name="options">Of the pictures.</param>
    /// <param name="pictures">Where they are: <see cref="Whole"/> or <see cref="Joined"/>.</param>
    /// <param name="sound">The sound; null for none.</param>
    /// <param name="edit">What is done to the sound.</param>
    /// <param name="last">The last frame; the sound is cut at its end.</param>
    /// <param name="outputPath">Where to, as a full path; replaced.</param>
    public static IReadOnlyList<string> Mux(
        VideoWriteOptions options,
        IReadOnlyList<string> pictures,
        ResultSound? sound,
        SoundEdit edit,
        LastFrame last,
        string outputPath
    ) =>
        Mux(
            options,
            pictures,
            "0:v:0",
            VideoEncoder.For(options.Encoding).Tag(OutputContainer.ForPath(options.Path).Muxer),
            isCut: false,
            sound,
            edit,
            last,
            outputPath
        );

    /// <summary>Puts the pictures of the source, as they are stored, and a sound track into one file.</summary>
    /// <param name="options">What to write.</param>
    /// <param name="source">The file with the pictures.</param>
    /// <param name="isCut">The pictures end with <paramref name="last"/>, before those of the source do.</param>
    /// <param name="sound">The sound.</param>
    /// <param name="edit">What is done to the sound.</param>
    /// <param name="last">The last frame; the sound is cut at its end.</param>
    /// <param name="outputPath">Where to, as a full path; replaced.</param>
    public static IReadOnlyList<string> MuxSource(
        VideoWriteOptions options,
        MediaInfo source,
        bool isCut,
        ResultSound sound,
        SoundEdit edit,
        LastFrame last,
        string outputPath
    ) =>
        Mux(
            options,
            MediaInput.Of(source, isCut ? options.Clock.Time(last.End) : null),
            Invariant($"0:{source.RequireVideo().Index}"),
            [],
            isCut,
            sound,
            edit,
            last,
            outputPath
        );

    /// <summary>The inputs of a sound, and the filters of what is done to it.</summary>
    /// <param name="input">Number of the first of them.</param>
    /// <param name="sound">The sound.</param>
    /// <param name="edit">What is done to it.</param>
    /// <param name="duration">Where it is cut.</param>
    public static IReadOnlyList<string> Sound(int input, ResultSound sound, SoundEdit edit, TimeSpan duration) =>
        sound.IsEncoded(edit)
            ?
            [
                .. MediaInput.Of(sound.File),
                .. edit.Under is { } under ? MediaInput.Of(under.File) : [],
                "-filter_complex",
                SoundFilter.Graph(input, sound.Track, edit, sound.Layout, duration),
            ]
            : MediaInput.Of(sound.File, duration);

    /// <summary>The output options of a sound.</summary>
    /// <inheritdoc cref="Sound"/>
    public static IReadOnlyList<string> SoundOutput(int input, ResultSound sound, SoundEdit edit, TimeSpan duration, string muxer) =>
        [
            "-map",
            sound.IsEncoded(edit) ? SoundFilter.Output : Invariant($"{input}:{sound.Track.Index}"),
            .. sound.Arguments(edit, muxer, duration),
            // Older versions of ffmpeg call FLAC in MP4 experimental.
            "-strict",
            "experimental",
        ];

    private static string[] Mux(
        VideoWriteOptions options,
        IReadOnlyList<string> pictures,
        string pictureTrack,
        IReadOnlyList<string> tag,
        bool isCut,
        ResultSound? sound,
        SoundEdit edit,
        LastFrame last,
        string outputPath
    )
    {
        var (muxer, end) = (OutputContainer.ForPath(options.Path).Muxer, options.Clock.Time(last.End));
        return
        [
            "-nostdin",
            "-hide_banner",
            "-loglevel",
            "error",
            "-y",
            .. pictures,
            .. sound is null ? [] : Sound(1, sound, edit, end),
            "-map",
            pictureTrack,
            "-map_chapters",
            "-1",
            "-c:v",
            "copy",
            .. tag,
            .. Timescale(muxer, options.Clock),
            "-bsf:v",
            LastDuration(muxer, options.Clock, last, isCut),
            .. sound is null ? [] : SoundOutput(1, sound, edit, end, muxer),
            .. FastStart(muxer),
            "-f",
            muxer,
            MediaInput.Url(outputPath),
        ];
    }

    /// <summary>
    /// Tells how long the last frame lasts: encoders and ffmpeg's joining of files give it what is usual. It is the packet
    /// that is shown last; where that is not the last one stored, MP4 and QuickTime count by the latter.
    /// Where the pictures are cut, those are left out that are shown later and stored before the cut.
    /// </summary>
    private static string LastDuration(string muxer, FrameClock clock, LastFrame last, bool isCut)
    {
        const int millisecondsPerSecond = 1000;
        var ticksPerSecond = muxer is "mp4" or "mov" ? TicksOf(clock) : millisecondsPerSecond;
        var (start, end) = (Ticks(last.Start), Ticks(last.End));
        var late = isCut ? Invariant($"noise=drop='gte(pts-startpts,{end})',") : "";
        return Invariant($"{late}setts=pts=PTS:dts=DTS:duration='if(gte(PTS-STARTPTS,{start})*lt(PTS-STARTPTS,{end}),{end}-PTS+STARTPTS,")
            + Invariant($"if(eq(NEXT_PTS,NOPTS),max({end}-DTS+STARTDTS,DURATION),DURATION))'");

        long Ticks(long time) => (long)((((Int128)time * ticksPerSecond) + (clock.TicksPerSecond / 2)) / clock.TicksPerSecond);
    }

    private static bool IsQuarter(VideoWriteOptions options, VideoEncoder encoder) =>
        encoder.PixelFormat(options.Encoding, options.SourceFormat, options.Width, options.Height).StartsWith("yuv420", StringComparison.Ordinal);

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
            arguments.Add(
                (name, value) switch
                {
                    ("color_trc", "bt470m") => "gamma22",
                    ("color_trc", "bt470bg") => "gamma28",
                    _ => value,
                }
            );
        }

        return arguments;
    }

    /// <summary>The tags that are known; a matrix that is not YCbCr is replaced by the one written.</summary>
    private static IEnumerable<(string Name, string Value)> Pairs(ColorTags tags, ColorConversion conversion)
    {
        (string Name, string? Value)[] all =
        [
            ("range", tags.Range),
            ("colorspace", tags.Matrix is "gbr" ? conversion.MatrixTag : tags.Matrix),
            ("color_trc", tags.Transfer),
            ("color_primaries", tags.Primaries),
        ];
        return all.Where(tag => tag.Value is not null).Select(tag => (tag.Name, tag.Value!));
    }

    /// <summary>A multiple of the clock, so that every time is exact; Matroska rounds to milliseconds.</summary>
    private static string[] Timescale(string muxer, FrameClock clock) =>
        muxer is "mp4" or "mov" ? ["-video_track_timescale", Invariant($"{TicksOf(clock)}")] : [];

    private static int TicksOf(FrameClock clock)
    {
        var timescale = clock.TicksPerSecond;
        while (timescale < CoarsestTimescale)
        {
            timescale *= 2;
        }

        return timescale;
    }

    private static string[] FastStart(string muxer) => muxer is "mp4" or "mov" ? ["-movflags", "+faststart"] : [];
}

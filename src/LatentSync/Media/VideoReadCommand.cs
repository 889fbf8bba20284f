namespace LatentSync.Media;

/// <summary>
/// The ffmpeg command that decodes a video to upright full-range rgb24.
/// <para>
/// Frame i is the same whether reading starts at 0 or anywhere else: timestamps stay those of the whole file
/// (<c>-copyts -start_at_zero</c>), the fps filter always counts from 0 and fills the part that a seek skipped with cheap
/// repeats, and trim throws everything before the start away before a pixel is converted. A seek only has to land at or
/// before the start.
/// </para>
/// </summary>
internal static class VideoReadCommand
{
    /// <summary>Where ffmpeg's command line would repeat or drop frames by their time, all output frames get one tick each.</summary>
    private const string OneFramePerTick = "settb=1/25,setpts=N";

    /// <summary>The argument list.</summary>
    /// <param name="fullPath">The file.</param>
    /// <param name="info">Its picture track.</param>
    /// <param name="options">Which frames.</param>
    /// <param name="seekSeconds">Where to begin decoding, from <see cref="SeekPoint"/>; null for the start.</param>
    public static IReadOnlyList<string> Arguments(string fullPath, VideoStreamInfo info, VideoReadOptions options, double? seekSeconds) =>
    [
        "-nostdin", "-hide_banner", "-loglevel", "error",
        "-copyts", "-start_at_zero",
        .. info.StillDemuxer is { } demuxer ? StillPicture.Restrictions(demuxer) : MediaInput.Restrictions,
        .. seekSeconds is { } seconds ? SeekPoint.Options(seconds) : [],
        .. info.StillDemuxer is null ? [] : StillPicture.AsStored,
        .. SourceFilters.Decoder(info),
        "-reinit_filter", "0",
        "-i", MediaInput.Url(fullPath),
        "-map", Invariant($"0:{info.Index}"),
        "-vf", Filters(info, options),
        "-r", "25",
        .. options.FrameLimit is { } limit ? (string[])["-frames:v", limit.ToString(CultureInfo.InvariantCulture)] : [],
        "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1",
    ];

    private static string Filters(VideoStreamInfo info, VideoReadOptions options)
    {
        List<string> filters = [.. SourceFilters.Deinterlace(info)];
        if (options.FrameRate is { } rate)
        {
            filters.Add($"fps=fps={rate}:start_time=0:round=near");
        }

        if (options.StartFrame > 0)
        {
            filters.Add(Invariant($"trim=start_frame={options.StartFrame}"));
        }

        filters.AddRange(SourceFilters.Upright(info));
        filters.AddRange(SourceFilters.ToRgb(info));
        filters.Add("format=rgb24");
        filters.Add(OneFramePerTick);
        return string.Join(',', filters);
    }
}

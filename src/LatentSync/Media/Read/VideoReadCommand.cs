using LatentSync.Media.Formats;
using LatentSync.Media.Probe;

namespace LatentSync.Media.Read;

/// <summary>
/// The ffmpeg command that decodes a video to upright full-range rgb24.
/// <para>
/// Frame i is the same whether reading starts at 0 or anywhere else: timestamps stay those of the whole file
/// (<c>-copyts -start_at_zero</c>), the fps filter always counts from 0 and fills the part that a seek skipped with cheap
/// repeats, and trim throws everything before the start away before a pixel is converted. A seek only has to land at or
/// before the start.
/// </para>
/// <para>
/// On a grid the frames come bare. With times of their own they come in NUT, the one container that keeps any time base.
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
            "-nostdin",
            "-hide_banner",
            "-loglevel",
            "error",
            .. MediaClock.Pictures(info),
            .. info.StillDemuxer is { } demuxer ? StillPicture.Restrictions(demuxer) : MediaInput.Restrictions,
            .. seekSeconds is { } seconds ? SeekPoint.Options(seconds) : [],
            .. info.StillDemuxer is null ? [] : StillPicture.AsStored,
            .. SourceFilters.Decoder(info),
            "-reinit_filter",
            "0",
            .. MediaClock.Input(info.FileStart),
            "-i",
            MediaInput.Url(fullPath),
            "-map",
            Invariant($"0:{info.Index}"),
            "-vf",
            Filters(info, options, hasSeeked: seekSeconds is not null),
            .. options.FrameRate is null ? (string[])["-enc_time_base", RequireTimeBase(info).ToString()] : ["-r", "25"],
            .. options.FrameLimit is { } limit ? (string[])["-frames:v", limit.ToString(CultureInfo.InvariantCulture)] : [],
            .. options.FrameRate is null ? (string[])["-map_metadata", "-1", "-c:v", "rawvideo", "-f", "nut"] : ["-f", "rawvideo"],
            "-pix_fmt",
            "rgb24",
            "pipe:1",
        ];

    private static Rational RequireTimeBase(VideoStreamInfo info) => info.TimeBase ?? throw new ArgumentException("The stream has no time base.", nameof(info));

    private static string Filters(VideoStreamInfo info, VideoReadOptions options, bool hasSeeked)
    {
        List<string> filters = [.. SourceFilters.Deinterlace(info)];
        if (info is { StillDemuxer: null, TimeBase: { } timeBase })
        {
            filters.Add(MediaClock.RisingFrames(info, timeBase));
        }

        if (options.FrameRate is { } rate)
        {
            filters.Add(Invariant($"fps=fps={rate.Numerator}/{rate.Denominator}:start_time=0:round=near"));
        }

        if (hasSeeked && options is { FrameRate: null, StartTicks: { } start })
        {
            filters.Add(Invariant($"trim=start_pts={start / RequireTimeBase(info).Numerator}"));
        }
        else
        {
            if (options is { FrameRate: null, FromTicks: { } from })
            {
                filters.Add(Invariant($"trim=start_pts={from / RequireTimeBase(info).Numerator}"));
            }

            if (options.StartFrame > 0)
            {
                filters.Add(Invariant($"trim=start_frame={options.StartFrame}"));
            }
        }

        filters.AddRange(SourceFilters.Upright(info));
        filters.AddRange(SourceFilters.ToRgb(info));
        filters.Add("format=rgb24");
        if (options.FrameRate is not null)
        {
            filters.Add(OneFramePerTick);
        }

        return string.Join(',', filters);
    }
}

using System.Text;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Formats;
using LatentSync.Media.Probe;

namespace LatentSync.Media.Read;

/// <summary>
/// Finds a time to seek to so that decoding begins at or before a wanted frame. Containers index frames by decoding
/// time, which may lie seconds before the time of showing, so where a seek lands is tried, not assumed: ffmpeg copies
/// the first packet after the seek and tells its time.
/// </summary>
internal static class SeekPoint
{
    private const double FirstMarginSeconds = 1;
    private const double MarginGrowth = 4;
    private const int OutputLimit = 1 << 16;

    /// <summary>The seconds to seek to; null if decoding from the start is as good, or the only safe way.</summary>
    /// <param name="tools">Runs ffmpeg.</param>
    /// <param name="fullPath">The file.</param>
    /// <param name="info">Its picture track.</param>
    /// <param name="startSeconds">Time of the wanted frame.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<double?> FindAsync(
        MediaTools tools,
        string fullPath,
        VideoStreamInfo info,
        double startSeconds,
        CancellationToken cancellationToken
    )
    {
        if (!info.HasKeyFrameIndex)
        {
            return null;
        }

        for (var margin = FirstMarginSeconds; startSeconds - margin >= FirstMarginSeconds; margin *= MarginGrowth)
        {
            var seek = startSeconds - margin;
            var result = await ToolRun
                .RunAsync(tools.Launcher, tools.FfmpegPath, Arguments(fullPath, info, seek), OutputLimit, cancellationToken)
                .ConfigureAwait(false);
            if (result.ExitCode == 0 && FirstPacketSeconds(Encoding.ASCII.GetString(result.Output)) is { } landed && landed <= startSeconds)
            {
                return seek;
            }
        }

        return null;
    }

    /// <summary>The input options of a seek. Accurate seeking would drop the frame that is still on screen at the target.</summary>
    public static IReadOnlyList<string> Options(double seconds) => ["-noaccurate_seek", "-ss", seconds.ToString("0.######", CultureInfo.InvariantCulture)];

    /// <summary>ffmpeg's arguments to print the time of the first packet after a seek.</summary>
    public static IReadOnlyList<string> Arguments(string fullPath, VideoStreamInfo info, double seconds) =>
        [
            "-nostdin",
            "-hide_banner",
            "-loglevel",
            "error",
            .. MediaClock.Pictures(info),
            .. MediaInput.Restrictions,
            .. Options(seconds),
            .. MediaClock.Input(info.FileStart),
            "-i",
            MediaInput.Url(fullPath),
            "-map",
            Invariant($"0:{info.Index}"),
            "-c",
            "copy",
            "-copypriorss",
            "1",
            "-frames:v",
            "1",
            "-f",
            "framecrc",
            "pipe:1",
        ];

    /// <summary>Reads <c>#tb 0: 1/12800</c> and then <c>0, dts, pts, duration, size, checksum</c>.</summary>
    private static double? FirstPacketSeconds(string text)
    {
        const string timeBaseMark = "#tb 0:";
        const int ptsColumn = 2;
        Rational? timeBase = null;
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith(timeBaseMark, StringComparison.Ordinal))
            {
                timeBase = Rational.Parse(line[timeBaseMark.Length..].Trim());
            }
            else if (line[0] != '#')
            {
                var columns = line.Split(',', StringSplitOptions.TrimEntries);
                return timeBase is { } unit && columns.Length > ptsColumn && long.TryParse(columns[ptsColumn], CultureInfo.InvariantCulture, out var ticks)
                    ? ticks * unit.Value
                    : null;
            }
        }

        return null;
    }
}

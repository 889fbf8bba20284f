using System.Text;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Formats;
using LatentSync.Media.Probe;

namespace LatentSync.Media.Packets;

/// <summary>Looks through the times of a track's packets, in the order in which they are stored, without decoding them.</summary>
internal static class PacketTimes
{
    /// <summary>Whether all packets pass a test; ends with the first that does not.</summary>
    /// <param name="tools">Runs ffmpeg.</param>
    /// <param name="file">The file.</param>
    /// <param name="track">The track's index in its file.</param>
    /// <param name="limit">How much of it is looked at; null for all.</param>
    /// <param name="passes">The test.</param>
    /// <param name="cancellationToken">Kills ffmpeg.</param>
    /// <returns>False too if ffmpeg fails.</returns>
    public static async Task<bool> AllAsync(
        MediaTools tools,
        MediaInfo file,
        int track,
        TimeSpan? limit,
        Func<Packet, bool> passes,
        CancellationToken cancellationToken
    )
    {
        var run = tools.StartFfmpeg(Arguments(file, track, limit));
        await using (run.ConfigureAwait(false))
        {
            var lines = new Lines(passes);
            var block = new byte[64 * 1024];
            for (int read; lines.AllPass && (read = await run.ReadSomeAsync(block, cancellationToken).ConfigureAwait(false)) > 0; )
            {
                lines.Append(block.AsSpan(0, read));
            }

            // One that is cut short because it is known by then is killed.
            return lines.AllPass && await run.WaitAsync(cancellationToken).ConfigureAwait(false) == 0;
        }
    }

    /// <summary>ffmpeg's arguments to print the packets' times.</summary>
    public static IReadOnlyList<string> Arguments(MediaInfo file, int track, TimeSpan? limit = null) =>
        [
            "-nostdin",
            "-hide_banner",
            "-loglevel",
            "error",
            .. MediaInput.Of(file, limit),
            "-map",
            Invariant($"0:{track}"),
            "-c",
            "copy",
            "-f",
            "framecrc",
            "pipe:1",
        ];

    /// <summary>Reads <c>#tb 0: 1/48000</c> and then <c>0, dts, pts, duration, size, checksum</c>.</summary>
    private sealed class Lines(Func<Packet, bool> passes)
    {
        private const string TimeBaseMark = "#tb 0:";
        private const int LongestLine = 4096;
        private const int PtsColumn = 2;
        private const int DurationColumn = 3;

        private readonly StringBuilder _line = new();
        private Rational? _timeBase;

        public bool AllPass { get; private set; } = true;

        public void Append(ReadOnlySpan<byte> text)
        {
            foreach (var letter in text)
            {
                if (letter == '\n')
                {
                    Read(_line.ToString());
                    _line.Clear();
                }
                else if (_line.Length < LongestLine)
                {
                    _line.Append((char)letter);
                }
            }
        }

        private void Read(string line)
        {
            if (line.StartsWith(TimeBaseMark, StringComparison.Ordinal))
            {
                _timeBase = Rational.Parse(line[TimeBaseMark.Length..].Trim());
            }
            else if (_timeBase is { } unit && line.Length > 0 && line[0] != '#')
            {
                var columns = line.Split(',', StringSplitOptions.TrimEntries);
                if (
                    columns.Length > DurationColumn
                    && long.TryParse(columns[PtsColumn], CultureInfo.InvariantCulture, out var pts)
                    && long.TryParse(columns[DurationColumn], CultureInfo.InvariantCulture, out var duration)
                )
                {
                    AllPass &= passes(new Packet(pts * unit.Value, duration * unit.Value, unit.Value));
                }
            }
        }
    }
}

using System.Text;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Formats;
using LatentSync.Media.Probe;

namespace LatentSync.Media.Sound;

/// <summary>Looks through the packets of a sound track, without decoding them.</summary>
internal static class SoundPackets
{
    // Files tell where packets begin, and a packet's duration may be no more than the way to the next.
    private static readonly string[] EvenCodecs = ["aac", "mp3", "ac3", "eac3", "dts", "alac", "flac"];

    /// <summary>Whether the packets can be copied as they are and are heard at the right time in every player.</summary>
    /// <param name="tools">Runs ffmpeg.</param>
    /// <param name="sound">The file.</param>
    /// <param name="cancellationToken">Kills ffmpeg.</param>
    public static async Task<bool> AreSteadyAsync(MediaTools tools, MediaInfo sound, CancellationToken cancellationToken)
    {
        var run = tools.StartFfmpeg(Arguments(sound, sound.RequireAudio()));
        await using (run.ConfigureAwait(false))
        {
            var check = new MediaClock.PacketCheck(EvenCodecs.Contains(sound.RequireAudio().Codec, StringComparer.Ordinal));
            var lines = new PacketLines(check);
            var block = new byte[64 * 1024];
            for (int read; check.IsSteady && (read = await run.ReadSomeAsync(block, cancellationToken).ConfigureAwait(false)) > 0;)
            {
                lines.Append(block.AsSpan(0, read));
            }

            // One that is cut short because it is known by then is killed.
            return check.IsSteady && await run.WaitAsync(cancellationToken).ConfigureAwait(false) == 0;
        }
    }

    /// <summary>ffmpeg's arguments to print the packets' times.</summary>
    public static IReadOnlyList<string> Arguments(MediaInfo sound, AudioStreamInfo audio) =>
    [
        "-nostdin", "-hide_banner", "-loglevel", "error",
        .. MediaInput.Of(sound),
        "-map", Invariant($"0:{audio.Index}"), "-c", "copy", "-f", "framecrc", "pipe:1",
    ];

    /// <summary>Reads <c>#tb 0: 1/48000</c> and then <c>0, dts, pts, duration, size, checksum</c>.</summary>
    private sealed class PacketLines(MediaClock.PacketCheck check)
    {
        private const string TimeBaseMark = "#tb 0:";
        private const int LongestLine = 4096;
        private const int PtsColumn = 2;
        private const int DurationColumn = 3;

        private readonly StringBuilder _line = new();
        private Rational? _timeBase;

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
                if (columns.Length > DurationColumn
                    && long.TryParse(columns[PtsColumn], CultureInfo.InvariantCulture, out var pts)
                    && long.TryParse(columns[DurationColumn], CultureInfo.InvariantCulture, out var duration))
                {
                    check.Add(pts * unit.Value, duration * unit.Value);
                }
            }
        }
    }
}

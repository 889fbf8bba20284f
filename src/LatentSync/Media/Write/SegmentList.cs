using System.Text;
using LatentSync.Media.Probe;
using LatentSync.Timeline;

namespace LatentSync.Media.Write;

/// <summary>The list from which ffmpeg's concat demuxer joins files without encoding.</summary>
internal static class SegmentList
{
    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>
    /// The text. ffmpeg counts durations in microseconds; the differences of the rounded times of the ends are what keeps
    /// every part within half of one from where it belongs, which rounds back to the right tick of any clock below a megahertz.
    /// </summary>
    /// <param name="segments">The parts in their order, by names of plain letters in the folder of the list, or by <see cref="Quote"/>.</param>
    /// <param name="clock">The clock of their times.</param>
    public static string Format(IReadOnlyList<(string Name, SegmentEntry Entry)> segments, FrameClock clock)
    {
        var text = new StringBuilder("ffconcat version 1.0\n");
        foreach (var (name, entry) in segments)
        {
            var microseconds = Microseconds(entry.End) - Microseconds(entry.Start);
            text.Append(Invariant($"file {name}\nduration {microseconds / MicrosecondsPerSecond}.{microseconds % MicrosecondsPerSecond:000000}\n"));
        }

        return text.ToString();

        long Microseconds(long ticks) => (long)((((Int128)ticks * MicrosecondsPerSecond) + (clock.TicksPerSecond / 2)) / clock.TicksPerSecond);
    }

    /// <summary>A full path as a name in the list, in which only line breaks have no place.</summary>
    public static string Quote(string fullPath) => $"'{MediaInput.Url(fullPath).Replace("'", "'\\''", StringComparison.Ordinal)}'";
}

using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Probe;

namespace LatentSync.Media.Packets;

/// <summary>Looks through the packets of a picture track.</summary>
internal static class PicturePackets
{
    // Matroska counts milliseconds.
    private const double RoundingSeconds = 0.0005;

    /// <summary>
    /// Whether the pictures can end at a time without being encoded again: none that is shown before it is stored behind one
    /// that is shown later, and so may refer to it.
    /// </summary>
    /// <param name="tools">Runs ffmpeg.</param>
    /// <param name="source">The file.</param>
    /// <param name="end">The time, from the first picture on.</param>
    /// <param name="cancellationToken">Kills ffmpeg.</param>
    public static Task<bool> CanEndAtAsync(MediaTools tools, MediaInfo source, TimeSpan end, CancellationToken cancellationToken)
    {
        double? first = null;
        var isOver = false;
        return PacketTimes.AllAsync(tools, source, source.RequireVideo().Index, end, passes: Add, cancellationToken);

        bool Add(Packet packet)
        {
            first ??= packet.Start;
            var isLate = packet.Start - first.Value > end.TotalSeconds - RoundingSeconds;
            isOver |= isLate;
            return isLate == isOver;
        }
    }
}

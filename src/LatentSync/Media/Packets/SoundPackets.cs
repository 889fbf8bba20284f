using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Formats;
using LatentSync.Media.Probe;

namespace LatentSync.Media.Packets;

/// <summary>Looks through the packets of a sound track.</summary>
internal static class SoundPackets
{
    // Files tell where packets begin, and a packet's duration may be no more than the way to the next.
    private static readonly string[] EvenCodecs = ["aac", "mp3", "ac3", "eac3", "dts", "alac", "flac", "opus"];

    /// <summary>Whether the packets can be copied as they are and are heard at the right time in every player.</summary>
    /// <param name="tools">Runs ffmpeg.</param>
    /// <param name="sound">The file.</param>
    /// <param name="hidesRunUp">What comes before 0 is hidden in the result, to the sample.</param>
    /// <param name="cancellationToken">Kills ffmpeg.</param>
    public static async Task<bool> AreSteadyAsync(MediaTools tools, MediaInfo sound, bool hidesRunUp, CancellationToken cancellationToken)
    {
        // At each join there is a run-up, of which the result has no way to tell; a track that ffmpeg has moved begins late.
        var track = sound.RequireAudio();
        if (track.IsChained || track.MovedBy.TotalSeconds > MediaClock.SoundDriftSeconds)
        {
            return false;
        }

        var check = new PacketCheck
        {
            IsEven = EvenCodecs.Contains(track.Codec, StringComparer.Ordinal),
            SampleRate = track.SampleRate,
            HidesRunUp = hidesRunUp,
            Skipped = track.Codec == "opus" ? await OpusHeader.ReadPreSkipAsync(tools, sound, cancellationToken).ConfigureAwait(false) : 0,
        };
        return await PacketTimes.AllAsync(tools, sound, track.Index, limit: null, Add, cancellationToken).ConfigureAwait(false);

        bool Add(Packet packet)
        {
            check.Add(packet);
            return check.IsSteady;
        }
    }
}

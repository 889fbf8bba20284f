using LatentSync.Media.Formats;
using LatentSync.Media.Probe;

namespace LatentSync.Media.Sound;

/// <summary>A sound that is mixed under another: that of the video.</summary>
/// <param name="File">Its file.</param>
/// <param name="Level">What is added to its level, in dB.</param>
/// <param name="Start">Seconds of it that are skipped.</param>
/// <param name="PassTicks">Duration of one pass of the video, if the result continues after it; null if it does not.</param>
/// <param name="TicksPerSecond">The unit of that.</param>
/// <param name="StartsOver">After a pass it begins again; else there is silence.</param>
internal sealed record SoundUnder(MediaInfo File, double Level, double Start, long? PassTicks, int TicksPerSecond, bool StartsOver)
{
    /// <summary>Its track.</summary>
    public AudioStreamInfo Audio => File.RequireAudio();
}

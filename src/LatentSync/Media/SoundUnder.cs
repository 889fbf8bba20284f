namespace LatentSync.Media;

/// <summary>A sound that is mixed under another: that of the video.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Audio">Its track.</param>
/// <param name="Level">What is added to its level, in dB.</param>
/// <param name="PassTicks">Duration of one pass of the video, if the result goes on after it; null if it does not.</param>
/// <param name="TicksPerSecond">The unit of that.</param>
/// <param name="StartsOver">After a pass it begins again; else there is silence.</param>
internal sealed record SoundUnder(string Path, AudioStreamInfo Audio, double Level, long? PassTicks, int TicksPerSecond, bool StartsOver);

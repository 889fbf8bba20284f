using LatentSync.Media.Write;

namespace LatentSync.Pipeline.FileJob;

/// <summary>What a result shows of its video, once all of it was read.</summary>
/// <param name="Source">The times of the video's frames; null if its end was not reached.</param>
/// <param name="Last">When the last frame is shown and when it ends, in ticks.</param>
internal sealed record ShownFrames(FrameTimes? Source, LastFrame Last)
{
    /// <summary>When the last frame ends, in ticks.</summary>
    public long Duration => Last.End;
}

using LatentSync.Faces.Tracking;
using LatentSync.Imaging;

namespace LatentSync.Pipeline.Segments;

/// <summary>The plans that were made when the whole video was looked at; no frame is looked at again.</summary>
internal sealed class StoredTimeline(StoredPlans plans, int cuts) : IFaceTimeline
{
    /// <inheritdoc/>
    public int Planned => plans.Count;

    /// <inheritdoc/>
    public int Cuts => cuts;

    /// <inheritdoc/>
    public FramePlan this[int frame] => plans[frame];

    /// <summary>Nothing.</summary>
    public void Add(RgbImage frame, long start) { }

    /// <inheritdoc/>
    public void End() { }
}

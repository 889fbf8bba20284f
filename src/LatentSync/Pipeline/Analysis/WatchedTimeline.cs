using LatentSync.Faces;
using LatentSync.Faces.Tracking;
using LatentSync.Imaging;

namespace LatentSync.Pipeline.Analysis;

/// <summary>Another timeline, of which it is written down in which frames faces were seen that are too small.</summary>
internal sealed class WatchedTimeline(IFaceTimeline timeline, IFaceLandmarker landmarker) : IFaceTimeline
{
    private readonly List<bool> _hasSmallFace = [];

    /// <inheritdoc/>
    public int Planned => timeline.Planned;

    /// <inheritdoc/>
    public int Cuts => timeline.Cuts;

    /// <inheritdoc/>
    public FramePlan this[int frame] => timeline[frame];

    /// <summary>Whether a face that is too small was seen in a frame.</summary>
    public bool HasSmallFace(int frame) => _hasSmallFace[frame];

    /// <inheritdoc/>
    public void Add(RgbImage frame, long start)
    {
        var before = landmarker.SmallFaces;
        timeline.Add(frame, start);
        _hasSmallFace.Add(landmarker.SmallFaces > before);
    }

    /// <inheritdoc/>
    public void End() => timeline.End();
}

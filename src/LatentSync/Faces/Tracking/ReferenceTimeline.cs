using LatentSync.Imaging;

namespace LatentSync.Faces.Tracking;

/// <summary>
/// The reference's way, for parity: the largest face of each frame, whoever it is; no cuts, no bridges, no fades; the
/// alignment is smoothed over the whole video.
/// </summary>
/// <param name="landmarker">Finds the faces; another's to dispose.</param>
/// <param name="resolution">The side of the model's square input.</param>
internal sealed class ReferenceTimeline(IFaceLandmarker landmarker, int resolution) : IFaceTimeline
{
    private readonly List<FacePlan> _plans = [];
    private readonly FaceAligner _aligner = new(resolution);

    /// <inheritdoc/>
    public int Planned => _plans.Count;

    /// <inheritdoc/>
    public int Cuts => 0;

    /// <inheritdoc/>
    public FramePlan this[int frame] => new(StartsShot: false, [_plans[frame]]);

    /// <inheritdoc/>
    public void Add(RgbImage frame, long start)
    {
        // Without a memory the landmarker takes the largest face.
        landmarker.Reset();
        var alignment = landmarker.Find(frame) is { } face ? _aligner.TryAlign(face.LeftBrow, face.RightBrow, face.Nose) : null;
        _plans.Add(alignment is { } found
            ? new FacePlan(FrameFate.Synced, StartsShot: false, Weight: 1, found)
            : new FacePlan(FrameFate.NoFace, StartsShot: false, Weight: 0, AffineTransform.Identity));
    }

    /// <inheritdoc/>
    public void End()
    {
    }
}

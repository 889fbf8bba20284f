using LatentSync.Imaging;

namespace LatentSync.Faces.Tracking;

/// <summary>
/// The reference's way, for parity: the largest face of each frame, whoever it is; no cuts, no bridges, no fades; the
/// alignment is smoothed over the whole video.
/// </summary>
/// <param name="landmarker">Finds the faces; another's to dispose.</param>
/// <param name="resolution">The side of the model's square input.</param>
/// <param name="found">Told of the first face; null for nobody.</param>
internal sealed class ReferenceTimeline(IFaceLandmarker landmarker, int resolution, Action<LipSyncFaces>? found = null) : IFaceTimeline
{
    private readonly List<FacePlan> _plans = [];
    private readonly FaceAligner _aligner = new(resolution);
    private bool _isTold;

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
        var face = landmarker.Find(frame);
        if (face is { Box: var box } && !_isTold)
        {
            _isTold = true;
            found?.Invoke(new LipSyncFaces(_plans.Count, [new LipSyncFace(box.Left, box.Top, box.Right, box.Bottom, IsChosen: true)]));
        }

        var alignment = face is not null ? _aligner.TryAlign(face.LeftBrow, face.RightBrow, face.Nose) : null;
        _plans.Add(
            alignment is { } aligned
                ? new FacePlan(FrameFate.Synced, StartsShot: false, Weight: 1, aligned)
                : new FacePlan(FrameFate.NoFace, StartsShot: false, Weight: 0, AffineTransform.Identity)
        );
    }

    /// <inheritdoc/>
    public void End() { }
}

using LatentSync.Faces.Ahead;
using LatentSync.Imaging;

namespace LatentSync.Faces.MediaPipe;

/// <summary>The built-in landmarker: decides, frame by frame, which of the faces that <see cref="MediaPipeNetworks"/> see can be used.</summary>
internal sealed class MediaPipeFaceLandmarker : IFaceLandmarker
{
    // On upright faces the passes after the first score 1.00, and the mesh's eyes lie within 0.21 of their distance from the
    // detector's; on patterns and turned faces they score 0.5 to 1 and lie 0.05 to 0.8 off.
    private const double SureScore = 0.9;
    private const double LargestMisfit = 0.25;

    // A second: where no face is seen it is looked for in other positions of the frame now and then, to tell the user.
    private const int FramesBetweenLooks = 25;

    private readonly MediaPipeNetworks _networks;
    private readonly SightsAhead<FaceDetection, MeshFit?> _sights;
    private readonly List<FaceDetection> _candidates = [];
    private readonly List<FaceDetection> _detected = [];
    private readonly Comparison<FaceDetection> _mostWanted;
    private readonly OrientationCheck _orientation;
    private int _framesWithoutFace;
    private MeshFit? _found;
    private FaceBox? _previousBox;
    private RotatedSquare? _previousSquare;

    /// <summary>Loads the three networks.</summary>
    /// <param name="modelFolder">Where they are, usually <see cref="FaceModelFiles.DefaultFolder"/>.</param>
    /// <param name="roundToPixels">Round landmarks and their means to whole pixels, as the reference implementation does; adds a jitter of 0.29 pixels.</param>
    /// <exception cref="LipSyncException">MissingDependency or InvalidModel.</exception>
    public MediaPipeFaceLandmarker(string modelFolder, bool roundToPixels = false)
    {
        _networks = new MediaPipeNetworks(modelFolder, roundToPixels);
        _sights = new SightsAhead<FaceDetection, MeshFit?>(_networks, () => new MediaPipeNetworks(modelFolder, roundToPixels));
        _mostWanted = CompareCandidates;
        _orientation = new OrientationCheck(_networks.Detector, IsFace);
    }

    /// <summary>The mesh of the face that the last successful <see cref="Find"/> returned, 468 points in pixels of the frame.</summary>
    public ReadOnlySpan<Point2D> Mesh => _found is null ? [] : _found.Points;

    /// <inheritdoc/>
    public int SmallFaces { get; private set; }

    /// <inheritdoc/>
    public bool SeesTurnedFaces => _orientation.TurnedFaces > 0 && 2 * _orientation.TurnedFaces >= _orientation.Looks;

    /// <inheritdoc/>
    public IFaceScout CreateScout() => _sights.CreateScout();

    /// <inheritdoc/>
    public FaceLandmarks? Find(RgbImage frame)
    {
        var fit = FindDetected(frame, _sights.Detect(frame)) ?? FindDetected(frame, _sights.DetectMore(frame)) ?? FindTracked(frame);
        _previousBox = fit?.Face.Box ?? _previousBox;
        _previousSquare = fit is null ? null : RotatedSquare.Around(fit.Points);
        _found = fit ?? _found;
        return fit?.Face;
    }

    /// <summary>With both detectors where the first does not see all expected faces, or none: the second sees faces cut by the picture's edge.</summary>
    public IReadOnlyList<FaceBox> Detect(RgbImage frame, params ReadOnlySpan<FaceBox> expected)
    {
        _detected.Clear();
        _networks.Collect(_sights.Detect(frame), _detected);
        if (_detected.Count == 0 || Misses(expected))
        {
            _networks.Collect(_sights.DetectMore(frame), _detected);
        }

        if (_detected.Count == 0)
        {
            LookForTurnedFaces(frame);
        }

        return _detected.ConvertAll(face => face.Box);
    }

    /// <inheritdoc/>
    public FaceLandmarks? Fit(RgbImage frame, int face) => FitUpright(frame, face)?.Face;

    /// <inheritdoc/>
    public FaceLandmarks? FitNew(RgbImage frame, int face)
    {
        if (FitUpright(frame, face) is not { } fit)
        {
            LookForTurnedFaces(frame);
            return null;
        }

        return IsSure(fit, _detected[face]) && _orientation.IsUpright(frame, _detected[face]) ? fit.Face : null;
    }

    /// <inheritdoc/>
    public FaceLandmarks? FindNear(RgbImage frame, FaceLandmarks previous) => Upright(Usable(_networks.Fit(frame, RotatedSquare.Around(previous))))?.Face;

    /// <inheritdoc/>
    public void Reset()
    {
        _previousBox = null;
        _previousSquare = null;
    }

    /// <inheritdoc/>
    public void Dispose() => _networks.Dispose();

    private MeshFit? FindDetected(RgbImage frame, IReadOnlyList<FaceDetection> detected)
    {
        _candidates.Clear();
        _candidates.AddRange(detected);
        _candidates.Sort(_mostWanted);
        for (var i = 0; i < Math.Min(_candidates.Count, IFaceLandmarker.MaximumFaces); i++)
        {
            if (Usable(_sights.Fit(frame, _candidates[i])) is { } fit)
            {
                return fit;
            }
        }

        return null;
    }

    /// <summary>Both detectors miss a face now and then that the mesh still sees where it was a frame ago.</summary>
    private MeshFit? FindTracked(RgbImage frame) => _previousSquare is { } square ? Usable(_networks.Fit(frame, square)) : null;

    private bool Misses(ReadOnlySpan<FaceBox> expected)
    {
        foreach (var box in expected)
        {
            if (!_detected.Exists(face => face.Box.IsOfSameFace(box)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The person of the frame before comes first, then the largest face.</summary>
    private int CompareCandidates(FaceDetection a, FaceDetection b)
    {
        var overlap = (_previousBox?.Overlap(b.Box) ?? 0).CompareTo(_previousBox?.Overlap(a.Box) ?? 0);
        return overlap != 0 ? overlap : b.Box.Area.CompareTo(a.Box.Area);
    }

    /// <summary>Now and then, where a frame has no face that can be used.</summary>
    private void LookForTurnedFaces(RgbImage frame)
    {
        if (_framesWithoutFace++ % FramesBetweenLooks == 0)
        {
            _orientation.Look(frame);
        }
    }

    private MeshFit? FitUpright(RgbImage frame, int face) => Upright(Usable(_sights.Fit(frame, _detected[face])));

    private MeshFit? Upright(MeshFit? fit)
    {
        if (fit is null || FaceRoll.IsUpright(fit.Face.LeftBrow, fit.Face.RightBrow))
        {
            return fit;
        }

        _orientation.CountTurned();
        return null;
    }

    private MeshFit? Usable(MeshFit? fit)
    {
        if (fit is null || FaceSizeFilter.Accepts(fit.Face.Box))
        {
            return fit;
        }

        SmallFaces++;
        return null;
    }

    private bool IsFace(RgbImage frame, FaceDetection detection) => Usable(_networks.Fit(frame, detection)) is { } fit && IsSure(fit, detection);

    /// <summary>Whether the mesh lies on a face, and on the one that the detector saw.</summary>
    private static bool IsSure(MeshFit fit, FaceDetection detection) => fit.WorstScore >= SureScore && Misfit(fit.Points, detection) <= LargestMisfit;

    /// <summary>How far the eyes of the mesh are from where the detector saw them, in distances of the outer corners.</summary>
    private static double Misfit(ReadOnlySpan<Point2D> mesh, FaceDetection detection)
    {
        var (left, right) = FaceMeshLandmarks.Eyes(mesh);
        var corners = mesh[FaceMeshLandmarks.LeftEyeOuterCorner].DistanceTo(mesh[FaceMeshLandmarks.RightEyeOuterCorner]);
        return (left.DistanceTo(detection.LeftEye) + right.DistanceTo(detection.RightEye)) / 2 / corners;
    }
}

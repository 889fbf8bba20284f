using LatentSync.Imaging;

namespace LatentSync.Faces.MediaPipe;

/// <summary>
/// The built-in landmarker: BlazeFace finds the face, the face mesh is fitted to it three times, each time to a square
/// taken from the fit before, which is what makes the points steady (0.15 % of the distance between the eyes).
/// </summary>
internal sealed class MediaPipeFaceLandmarker : IFaceLandmarker
{
    private const int Passes = 3;
    private const double MinimumScore = 0.5;

    // On upright faces the passes after the first score 1.00, and the mesh's eyes lie within 0.21 of their distance from the
    // detector's; on patterns and turned faces they score 0.5 to 1 and lie 0.05 to 0.8 off.
    private const double SureScore = 0.9;
    private const double LargestMisfit = 0.25;

    // A second: where no face is seen it is looked for in other positions of the frame now and then, to tell the user.
    private const int FramesBetweenLooks = 25;

    private readonly bool _round;
    private readonly BlazeFaceDetector _detector;
    private readonly BlazeFaceDetector _fallbackDetector;
    private readonly FaceMesh _mesh;
    private readonly Point2D[] _points = new Point2D[FaceMeshLandmarks.Count];
    private readonly List<FaceDetection> _candidates = [];
    private readonly List<FaceDetection> _detected = [];
    private readonly Comparison<FaceDetection> _mostWanted;
    private readonly OrientationCheck _orientation;
    private double _worstScore;
    private int _framesWithoutFace;
    private FaceBox? _previousBox;
    private RotatedSquare? _previousSquare;

    /// <summary>Loads the three networks.</summary>
    /// <param name="modelFolder">Where they are, usually <see cref="FaceModelFiles.DefaultFolder"/>.</param>
    /// <param name="roundToPixels">Round landmarks and their means to whole pixels, as the reference implementation does; adds a jitter of 0.29 pixels.</param>
    /// <exception cref="LipSyncException">MissingDependency or InvalidModel.</exception>
    public MediaPipeFaceLandmarker(string modelFolder, bool roundToPixels = false)
    {
        _round = roundToPixels;
        _mostWanted = CompareCandidates;
        _detector = new BlazeFaceDetector(BlazeFaceVariant.Back, modelFolder);
        _orientation = new OrientationCheck(_detector, IsFace);
        try
        {
            _fallbackDetector = new BlazeFaceDetector(BlazeFaceVariant.FullRange, modelFolder);
            _mesh = new FaceMesh(modelFolder);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The mesh of the face that the last successful <see cref="Find"/> returned, 468 points in pixels of the frame.</summary>
    public ReadOnlySpan<Point2D> Mesh => _points;

    /// <inheritdoc/>
    public int SmallFaces { get; private set; }

    /// <inheritdoc/>
    public bool SeesTurnedFaces => _orientation.TurnedFaces > 0 && 2 * _orientation.TurnedFaces >= _orientation.Looks;

    /// <inheritdoc/>
    public FaceLandmarks? Find(RgbImage frame)
    {
        var face = FindDetected(frame, _detector) ?? FindDetected(frame, _fallbackDetector) ?? FindTracked(frame);
        _previousBox = face?.Box ?? _previousBox;
        _previousSquare = face is null ? null : RotatedSquare.Around(_points);
        return face;
    }

    /// <summary>With both detectors where the first does not see all expected faces, or none: the second sees faces cut by the picture's edge.</summary>
    public IReadOnlyList<FaceBox> Detect(RgbImage frame, params ReadOnlySpan<FaceBox> expected)
    {
        _detected.Clear();
        Add(_detector.Detect(frame));
        if (_detected.Count == 0 || Misses(expected))
        {
            Add(_fallbackDetector.Detect(frame));
        }

        if (_detected.Count == 0)
        {
            LookForTurnedFaces(frame);
        }

        return _detected.ConvertAll(face => face.Box);
    }

    /// <inheritdoc/>
    public FaceLandmarks? Fit(RgbImage frame, int face) => FitUpright(frame, RotatedSquare.Around(_detected[face]));

    /// <inheritdoc/>
    public FaceLandmarks? FitNew(RgbImage frame, int face)
    {
        if (Fit(frame, face) is not { } found)
        {
            LookForTurnedFaces(frame);
            return null;
        }

        return IsSure(_detected[face]) && _orientation.IsUpright(frame, _detected[face]) ? found : null;
    }

    /// <inheritdoc/>
    public FaceLandmarks? FindNear(RgbImage frame, FaceLandmarks previous) => FitUpright(frame, RotatedSquare.Around(previous));

    /// <inheritdoc/>
    public void Reset()
    {
        _previousBox = null;
        _previousSquare = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _detector.Dispose();
        _fallbackDetector?.Dispose();
        _mesh?.Dispose();
    }

    private FaceLandmarks? FindDetected(RgbImage frame, BlazeFaceDetector detector)
    {
        _candidates.Clear();
        _candidates.AddRange(detector.Detect(frame));
        _candidates.Sort(_mostWanted);
        for (var i = 0; i < Math.Min(_candidates.Count, IFaceLandmarker.MaximumFaces); i++)
        {
            if (Fit(frame, RotatedSquare.Around(_candidates[i])) is { } face)
            {
                return face;
            }
        }

        return null;
    }

    /// <summary>Both detectors miss a face now and then that the mesh still sees where it was a frame ago.</summary>
    private FaceLandmarks? FindTracked(RgbImage frame) => _previousSquare is { } square ? Fit(frame, square) : null;

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

    private void Add(IReadOnlyList<FaceDetection> faces)
    {
        foreach (var face in faces)
        {
            if (_detected.Count < IFaceLandmarker.MaximumFaces && !_detected.Exists(known => known.Box.IsOfSameFace(face.Box)))
            {
                _detected.Add(face);
            }
        }
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

    private FaceLandmarks? FitUpright(RgbImage frame, RotatedSquare square)
    {
        var face = Fit(frame, square);
        if (face is null || FaceRoll.IsUpright(face.LeftBrow, face.RightBrow))
        {
            return face;
        }

        _orientation.CountTurned();
        return null;
    }

    private bool IsFace(RgbImage frame, FaceDetection detection) => Fit(frame, RotatedSquare.Around(detection)) is not null && IsSure(detection);

    /// <summary>Whether the mesh that was fitted last lies on a face, and on the one that the detector saw.</summary>
    private bool IsSure(FaceDetection detection) => _worstScore >= SureScore && Misfit(detection) <= LargestMisfit;

    /// <summary>How far the eyes of the mesh are from where the detector saw them, in distances of the outer corners.</summary>
    private double Misfit(FaceDetection detection)
    {
        var (left, right) = FaceMeshLandmarks.Eyes(_points);
        var corners = _points[FaceMeshLandmarks.LeftEyeOuterCorner].DistanceTo(_points[FaceMeshLandmarks.RightEyeOuterCorner]);
        return (left.DistanceTo(detection.LeftEye) + right.DistanceTo(detection.RightEye)) / 2 / corners;
    }

    private FaceLandmarks? Fit(RgbImage frame, RotatedSquare square)
    {
        double score = 0;
        _worstScore = 1;
        for (var pass = 0; pass < Passes; pass++)
        {
            if (!square.IsUsable)
            {
                return null;
            }

            score = _mesh.Fit(frame, square, _points);
            if (!(score >= MinimumScore))
            {
                return null;
            }

            // The first square is only as good as the detector's box.
            _worstScore = pass == 0 ? _worstScore : Math.Min(_worstScore, score);
            square = RotatedSquare.Around(_points);
        }

        var face = FaceMeshLandmarks.Reduce(_points, score, _round);
        if (FaceSizeFilter.Accepts(face.Box))
        {
            return face;
        }

        SmallFaces++;
        return null;
    }
}

using LatentSync.Imaging;

namespace LatentSync.Faces.InsightFace;

/// <summary>
/// The landmarker of the reference implementation, on model files that the user brings: det_10g.onnx and 2d106det.onnx
/// of InsightFace's buffalo_l, whose licence is for non-commercial research. This project neither ships nor downloads them.
/// </summary>
internal sealed class InsightFaceLandmarker : IFaceLandmarker
{
    private const string DetectorFile = "det_10g.onnx";
    private const string LandmarkFile = "2d106det.onnx";

    private const int LeftEyeOuterCorner = 35;
    private const int RightEyeOuterCorner = 93;
    private const int NoseTip = 86;

    private readonly bool _round;
    private readonly ScrfdDetector _detector;
    private readonly Landmark106Network _landmarks;
    private readonly Point2D[] _points = new Point2D[Landmark106Network.Count];
    private readonly List<ScoredBox> _detected = [];
    private int _fits;
    private int _turnedFaces;

    /// <summary>Loads the two networks.</summary>
    /// <param name="folder">The folder with both files.</param>
    /// <param name="order">The order of the colours; <see cref="InsightFaceChannelOrder.Bgr"/> reproduces the reference.</param>
    /// <param name="roundToPixels">Round landmarks and their means to whole pixels, as the reference implementation does.</param>
    /// <exception cref="LipSyncException">InvalidModel: a file is missing, damaged or another network.</exception>
    public InsightFaceLandmarker(string folder, InsightFaceChannelOrder order, bool roundToPixels)
    {
        _round = roundToPixels;
        _detector = new ScrfdDetector(Require(folder, DetectorFile), order);
        try
        {
            _landmarks = new Landmark106Network(Require(folder, LandmarkFile), order);
        }
        catch
        {
            _detector.Dispose();
            throw;
        }
    }

    private static ReadOnlySpan<int> LeftBrow => [43, 48, 49, 51, 50];

    private static ReadOnlySpan<int> RightBrow => [101, 102, 103, 104, 105];

    private static ReadOnlySpan<int> Nose => [74, 77, 83, 86];

    /// <inheritdoc/>
    public int SmallFaces { get; private set; }

    /// <inheritdoc/>
    public bool SeesTurnedFaces => _turnedFaces > 0 && 2 * _turnedFaces >= _fits;

    /// <inheritdoc/>
    public FaceLandmarks? Find(RgbImage frame)
    {
        var seen = _detector.Detect(frame);
        if (SelectLargest(seen) is not { } face)
        {
            SmallFaces += seen.Count;
            return null;
        }

        _landmarks.Fit(frame, face.Box, _points);
        return Reduce(face, _points, _round);
    }

    /// <inheritdoc/>
    public IReadOnlyList<FaceBox> Detect(RgbImage frame, params ReadOnlySpan<FaceBox> expected)
    {
        _detected.Clear();
        var seen = _detector.Detect(frame);
        _detected.AddRange(seen.Where(face => FaceSizeFilter.Accepts(Truncate(face.Box))));
        SmallFaces += seen.Count - _detected.Count;
        _detected.RemoveRange(Math.Min(_detected.Count, IFaceLandmarker.MaximumFaces), Math.Max(0, _detected.Count - IFaceLandmarker.MaximumFaces));
        return _detected.ConvertAll(face => face.Box);
    }

    /// <inheritdoc/>
    public FaceLandmarks? Fit(RgbImage frame, int face)
    {
        _landmarks.Fit(frame, _detected[face].Box, _points);
        var found = Reduce(_detected[face], _points, _round);
        var isUpright = FaceRoll.IsUpright(found.LeftBrow, found.RightBrow);
        _fits++;
        _turnedFaces += isUpright ? 0 : 1;
        return isUpright ? found : null;
    }

    /// <summary>The detector is as sure of a face that it sees for the first time.</summary>
    public FaceLandmarks? FitNew(RgbImage frame, int face) => Fit(frame, face);

    /// <summary>None: the network says nothing about whether what it was shown is a face.</summary>
    public FaceLandmarks? FindNear(RgbImage frame, FaceLandmarks previous) => null;

    /// <summary>Frames are independent of each other here.</summary>
    public void Reset() { }

    /// <inheritdoc/>
    public void Dispose()
    {
        _detector.Dispose();
        _landmarks.Dispose();
    }

    /// <summary>The largest face of usable size; sizes are those of the box cut to whole pixels, as in the reference.</summary>
    internal static ScoredBox? SelectLargest(IReadOnlyList<ScoredBox> faces)
    {
        ScoredBox? largest = null;
        foreach (var face in faces)
        {
            var box = Truncate(face.Box);
            if (FaceSizeFilter.Accepts(box) && (largest is null || box.Area > Truncate(largest.Value.Box).Area))
            {
                largest = face;
            }
        }

        return largest;
    }

    /// <summary>Reduces 106 landmarks to what alignment needs.</summary>
    internal static FaceLandmarks Reduce(ScoredBox face, Span<Point2D> points, bool round)
    {
        for (var i = 0; round && i < points.Length; i++)
        {
            points[i] = LandmarkMean.Round(points[i]);
        }

        return new FaceLandmarks(
            round ? Truncate(face.Box) : face.Box,
            face.Score,
            LandmarkMean.Of(points, LeftBrow, round),
            LandmarkMean.Of(points, RightBrow, round),
            LandmarkMean.Of(points, Nose, round),
            FaceTurn.Of(points[LeftEyeOuterCorner], points[RightEyeOuterCorner], points[NoseTip])
        );
    }

    private static FaceBox Truncate(FaceBox box) => new(Math.Truncate(box.Left), Math.Truncate(box.Top), Math.Truncate(box.Right), Math.Truncate(box.Bottom));

    private static string Require(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return UserFile.Length(path) is > 0
            ? path
            : throw new LipSyncException(
                LipSyncErrorCode.InvalidModel,
                $"The InsightFace model \"{path}\" is missing; put det_10g.onnx and 2d106det.onnx of buffalo_l into that folder, or leave the option out."
            )
            {
                Path = path,
            };
    }
}

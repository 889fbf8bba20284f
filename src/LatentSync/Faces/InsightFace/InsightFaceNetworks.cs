using LatentSync.Faces.Ahead;
using LatentSync.Imaging;

namespace LatentSync.Faces.InsightFace;

/// <summary>InsightFace's det_10g.onnx and 2d106det.onnx.</summary>
internal sealed class InsightFaceNetworks : IFaceNetworks<ScoredBox, FaceLandmarks>
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

    /// <summary>Loads the two networks.</summary>
    /// <param name="folder">The folder with both files.</param>
    /// <param name="order">The order of the colours.</param>
    /// <param name="roundToPixels">Round landmarks and their means to whole pixels.</param>
    /// <exception cref="LipSyncException">InvalidModel: a file is missing, damaged or another network.</exception>
    public InsightFaceNetworks(string folder, InsightFaceChannelOrder order, bool roundToPixels)
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
    public IReadOnlyList<ScoredBox> Detect(RgbImage frame) => _detector.Detect(frame);

    /// <summary>None: there is one detector.</summary>
    public IReadOnlyList<ScoredBox> DetectMore(RgbImage frame) => [];

    /// <summary>Those of usable size.</summary>
    public void Collect(IReadOnlyList<ScoredBox> seen, List<ScoredBox> faces) =>
        faces.AddRange(seen.Where(IsLargeEnough).Take(IFaceLandmarker.MaximumFaces - faces.Count));

    /// <inheritdoc/>
    public FaceLandmarks Fit(RgbImage frame, ScoredBox face)
    {
        _landmarks.Fit(frame, face.Box, _points);
        return Reduce(face, _points, _round);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _detector.Dispose();
        _landmarks.Dispose();
    }

    /// <summary>Whether a face is of usable size, judged by its box cut to whole pixels, as in the reference.</summary>
    internal static bool IsLargeEnough(ScoredBox face) => FaceSizeFilter.Accepts(Truncate(face.Box));

    /// <summary>A box cut to whole pixels.</summary>
    internal static FaceBox Truncate(FaceBox box) => new(Math.Truncate(box.Left), Math.Truncate(box.Top), Math.Truncate(box.Right), Math.Truncate(box.Bottom));

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

using LatentSync.Faces.Ahead;
using LatentSync.Imaging;

namespace LatentSync.Faces.MediaPipe;

/// <summary>
/// The built-in networks. BlazeFace finds faces, its variant for the full range those that are cut by the picture's edge; the
/// face mesh is fitted three times, each time to a square taken from the fit before, which is what makes the points steady
/// (0.15 % of the distance between the eyes).
/// </summary>
internal sealed class MediaPipeNetworks : IFaceNetworks<FaceDetection, MeshFit?>
{
    private const int Passes = 3;
    private const double MinimumScore = 0.5;

    private readonly bool _round;
    private readonly BlazeFaceDetector _fullRange;
    private readonly FaceMesh _mesh;

    /// <summary>Loads the three networks.</summary>
    /// <param name="modelFolder">Where they are, usually <see cref="FaceModelFiles.DefaultFolder"/>.</param>
    /// <param name="roundToPixels">Round landmarks and their means to whole pixels, as the reference implementation does.</param>
    /// <exception cref="LipSyncException">MissingDependency or InvalidModel.</exception>
    public MediaPipeNetworks(string modelFolder, bool roundToPixels)
    {
        _round = roundToPixels;
        Detector = new BlazeFaceDetector(BlazeFaceVariant.Back, modelFolder);
        try
        {
            _fullRange = new BlazeFaceDetector(BlazeFaceVariant.FullRange, modelFolder);
            _mesh = new FaceMesh(modelFolder);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The first detector.</summary>
    public BlazeFaceDetector Detector { get; }

    /// <inheritdoc/>
    public IReadOnlyList<FaceDetection> Detect(RgbImage frame) => Detector.Detect(frame);

    /// <inheritdoc/>
    public IReadOnlyList<FaceDetection> DetectMore(RgbImage frame) => _fullRange.Detect(frame);

    /// <summary>Those that are not seen already.</summary>
    public void Collect(IReadOnlyList<FaceDetection> seen, List<FaceDetection> faces)
    {
        foreach (var face in seen)
        {
            if (faces.Count < IFaceLandmarker.MaximumFaces && !faces.Exists(known => known.Box.IsOfSameFace(face.Box)))
            {
                faces.Add(face);
            }
        }
    }

    /// <summary>Fits the mesh to a face that was detected; null if it is none.</summary>
    public MeshFit? Fit(RgbImage frame, FaceDetection face) => Fit(frame, RotatedSquare.Around(face));

    /// <summary>Fits the mesh where a face may be; null if there is none.</summary>
    /// <exception cref="LipSyncException">InferenceFailed: the network could not run.</exception>
    public MeshFit? Fit(RgbImage frame, RotatedSquare square)
    {
        var (score, worstScore) = (0.0, 1.0);
        var points = new Point2D[FaceMeshLandmarks.Count];
        for (var pass = 0; pass < Passes; pass++)
        {
            if (!square.IsUsable)
            {
                return null;
            }

            score = _mesh.Fit(frame, square, points);
            if (!(score >= MinimumScore))
            {
                return null;
            }

            worstScore = pass == 0 ? worstScore : Math.Min(worstScore, score);
            square = RotatedSquare.Around(points);
        }

        return new MeshFit(FaceMeshLandmarks.Reduce(points, score, _round), points, worstScore);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Detector.Dispose();
        _fullRange?.Dispose();
        _mesh?.Dispose();
    }
}

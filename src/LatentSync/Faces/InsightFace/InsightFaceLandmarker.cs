using LatentSync.Faces.Ahead;
using LatentSync.Imaging;

namespace LatentSync.Faces.InsightFace;

/// <summary>
/// The landmarker of the reference implementation, on model files that the user brings: det_10g.onnx and 2d106det.onnx
/// of InsightFace's buffalo_l, whose licence is for non-commercial research. This project neither ships nor downloads them.
/// </summary>
internal sealed class InsightFaceLandmarker : IFaceLandmarker
{
    private readonly InsightFaceNetworks _networks;
    private readonly SightsAhead<ScoredBox, FaceLandmarks> _sights;
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
        _networks = new InsightFaceNetworks(folder, order, roundToPixels);
        _sights = new SightsAhead<ScoredBox, FaceLandmarks>(_networks, () => new InsightFaceNetworks(folder, order, roundToPixels));
    }

    /// <inheritdoc/>
    public int SmallFaces { get; private set; }

    /// <inheritdoc/>
    public bool SeesTurnedFaces => _turnedFaces > 0 && 2 * _turnedFaces >= _fits;

    /// <inheritdoc/>
    public IFaceScout CreateScout() => _sights.CreateScout();

    /// <inheritdoc/>
    public FaceLandmarks? Find(RgbImage frame)
    {
        var seen = _sights.Detect(frame);
        if (SelectLargest(seen) is { } face)
        {
            return _sights.Fit(frame, face);
        }

        SmallFaces += seen.Count;
        return null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<FaceBox> Detect(RgbImage frame, params ReadOnlySpan<FaceBox> expected)
    {
        _detected.Clear();
        var seen = _sights.Detect(frame);
        SmallFaces += seen.Count(face => !InsightFaceNetworks.IsLargeEnough(face));
        _networks.Collect(seen, _detected);
        return _detected.ConvertAll(face => face.Box);
    }

    /// <inheritdoc/>
    public FaceLandmarks? Fit(RgbImage frame, int face)
    {
        var found = _sights.Fit(frame, _detected[face]);
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
    public void Dispose() => _networks.Dispose();

    /// <summary>The largest face of usable size; sizes are those of the box cut to whole pixels, as in the reference.</summary>
    internal static ScoredBox? SelectLargest(IReadOnlyList<ScoredBox> faces)
    {
        ScoredBox? largest = null;
        foreach (var face in faces)
        {
            if (InsightFaceNetworks.IsLargeEnough(face) && (largest is null || WholeArea(face) > WholeArea(largest.Value)))
            {
                largest = face;
            }
        }

        return largest;

        static double WholeArea(ScoredBox face) => InsightFaceNetworks.Truncate(face.Box).Area;
    }
}

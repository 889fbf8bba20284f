using LatentSync.Faces;
using LatentSync.Imaging;

namespace LatentSync.Tests.Faces.Tracking;

/// <summary>Finds, in frame i (the value of its first pixel), the faces that a script puts there.</summary>
internal sealed class ScriptedLandmarker(Func<int, IEnumerable<(FaceBox Box, bool IsFace)>> script) : IFaceLandmarker
{
    private List<(FaceBox Box, bool IsFace)> _faces = [];

    /// <summary>Closer looks taken in all.</summary>
    public int SmallFaces => 0;

    public bool SeesTurnedFaces => false;

    public FaceLandmarks? FitNew(RgbImage frame, int face) => Fit(frame, face);

    public int Fits { get; private set; }

    /// <summary>Whether a face that is not detected is still found where it was.</summary>
    public bool SeesNear { get; init; }

    public FaceLandmarks? Find(RgbImage frame) => throw new NotSupportedException();

    public IReadOnlyList<FaceBox> Detect(RgbImage frame, params ReadOnlySpan<FaceBox> expected)
    {
        _faces = [.. script(frame.Pixels[0])];
        return _faces.ConvertAll(face => face.Box);
    }

    public FaceLandmarks? Fit(RgbImage frame, int face)
    {
        Fits++;
        return _faces[face].IsFace ? Landmarks(_faces[face].Box) : null;
    }

    public FaceLandmarks? FindNear(RgbImage frame, FaceLandmarks previous) => SeesNear ? Landmarks(previous.Box) : null;

    public void Reset() { }

    public IFaceScout CreateScout() => throw new NotSupportedException();

    public void Dispose() { }

    private static FaceLandmarks Landmarks(FaceBox box) => new(box, 1, new Point2D(box.Left, box.Top), new Point2D(box.Right, box.Top), box.Center);
}

using LatentSync.Faces;
using LatentSync.Imaging;

namespace LatentSync.Tests.Faces.Tracking;

/// <summary>Finds in each frame the face that a script has at that place, and counts how often it was told to forget.</summary>
internal sealed class FixedLandmarker(params FaceLandmarks?[] script) : IFaceLandmarker
{
    private int _frame;

    public int Resets { get; private set; }

    public int SmallFaces => 0;

    public bool SeesTurnedFaces => false;

    public FaceLandmarks? Find(RgbImage frame) => script[_frame++];

    public IReadOnlyList<FaceBox> Detect(RgbImage frame, params ReadOnlySpan<FaceBox> expected) => script[_frame++] is { } face ? [face.Box] : [];

    public FaceLandmarks? Fit(RgbImage frame, int face) => script[_frame - 1];

    public FaceLandmarks? FitNew(RgbImage frame, int face) => Fit(frame, face);

    public FaceLandmarks? FindNear(RgbImage frame, FaceLandmarks previous) => null;

    public void Reset() => Resets++;

    public IFaceScout CreateScout() => throw new NotSupportedException();

    public void Dispose() { }
}

using LatentSync.Faces;
using LatentSync.Imaging;

namespace LatentSync.Tests.Pipeline.Flow;

/// <summary>Finds a face in every frame but those whose value is listed.</summary>
internal sealed class FakeLandmarker(params int[] withoutFace) : IFaceLandmarker
{
    private const int SecondX = 300;

    public int SmallFaces => 0;

    public bool SeesTurnedFaces => false;

    /// <summary>Those that look ahead of it.</summary>
    public List<FakeScout> Scouts { get; } = [];

    /// <summary>Called with each frame that a scout looks at.</summary>
    public Action<int> Ahead { get; init; } = _ => { };

    public IFaceScout CreateScout()
    {
        var scout = new FakeScout(Ahead);
        Scouts.Add(scout);
        return scout;
    }

    public FaceLandmarks? FitNew(RgbImage frame, int face) => Fit(frame, face);

    public List<int> Seen { get; } = [];

    /// <summary>How long a search takes.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Frames in which the face looks aside.</summary>
    public int[] Turned { get; init; } = [];

    /// <summary>Whether another person is in the frame too, to the right.</summary>
    public Func<int, bool> Second { get; init; } = _ => false;

    public FaceLandmarks? Find(RgbImage frame)
    {
        Seen.Add(frame.Pixels[0]);
        Thread.Sleep(Delay);
        return withoutFace.Contains(frame.Pixels[0])
            ? null
            : new FaceLandmarks(
                new FaceBox(0, 0, 60, 90),
                1,
                new Point2D(20, 20),
                new Point2D(60, 20),
                new Point2D(40, 40),
                Turned.Contains(frame.Pixels[0]) ? 1 : 0
            );
    }

    public IReadOnlyList<FaceBox> Detect(RgbImage frame, params ReadOnlySpan<FaceBox> expected)
    {
        var first = withoutFace.Contains(frame.Pixels[0]) ? Missing(frame) : [new FaceBox(0, 0, 60, 90)];
        return Second(frame.Pixels[0]) ? [.. first, new FaceBox(SecondX, 0, SecondX + 60, 90)] : first;
    }

    public FaceLandmarks? Fit(RgbImage frame, int face) =>
        Find(frame) is not { } found ? null
        : face == 0 ? found
        : found with
        {
            Box = found.Box.Move(SecondX, 0),
            LeftBrow = new Point2D(SecondX + 20, 20),
            RightBrow = new Point2D(SecondX + 60, 20),
            Nose = new Point2D(SecondX + 40, 40),
        };

    public FaceLandmarks? FindNear(RgbImage frame, FaceLandmarks previous) => null;

    public void Reset() { }

    public void Dispose() { }

    private FaceBox[] Missing(RgbImage frame)
    {
        Find(frame);
        return [];
    }
}

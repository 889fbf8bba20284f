using LatentSync.Faces;
using LatentSync.Imaging;

namespace LatentSync.Tests.Pipeline;

/// <summary>Finds a face in every frame but those whose value is listed.</summary>
internal sealed class FakeLandmarker(params int[] withoutFace) : IFaceLandmarker
{
    public List<int> Seen { get; } = [];

    /// <summary>How long a search takes.</summary>
    public TimeSpan Delay { get; init; }

    public FaceLandmarks? Find(RgbImage frame)
    {
        Seen.Add(frame.Pixels[0]);
        Thread.Sleep(Delay);
        return withoutFace.Contains(frame.Pixels[0])
            ? null
            : new FaceLandmarks(new FaceBox(0, 0, 60, 90), 1, new Point2D(20, 20), new Point2D(60, 20), new Point2D(40, 40));
    }

    public void Reset() => Seen.Clear();

    public void Dispose()
    {
    }
}

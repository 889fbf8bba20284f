using LatentSync.Faces;
using LatentSync.Faces.Ahead;
using LatentSync.Faces.InsightFace;
using LatentSync.Imaging;

namespace LatentSync.Tests.Faces.Ahead;

/// <summary>Sees in each frame, named by its first pixel, the faces of a script; notes what it was asked.</summary>
/// <param name="script">Left edges of the faces of a frame.</param>
/// <param name="more">Those that only the other detector sees.</param>
internal sealed class FakeNetworks(Func<int, int[]> script, Func<int, int[]>? more = null) : IFaceNetworks<ScoredBox, string>
{
    private readonly List<ScoredBox> _seen = [];

    /// <summary>"detect 3", "more 3" and "fit 3 at 100", in their order.</summary>
    public List<string> Asked { get; } = [];

    public bool IsDisposed { get; private set; }

    public static RgbImage Frame(int value) => new(1, 1, [(byte)value, 0, 0]);

    public static ScoredBox Face(int left) => new(new FaceBox(left, 0, left + 60, 90), 1);

    public IReadOnlyList<ScoredBox> Detect(RgbImage frame) => See("detect", frame, script);

    public IReadOnlyList<ScoredBox> DetectMore(RgbImage frame) => See("more", frame, more ?? (_ => []));

    public void Collect(IReadOnlyList<ScoredBox> seen, List<ScoredBox> faces) => faces.AddRange(seen.Where(face => !faces.Contains(face)));

    public string Fit(RgbImage frame, ScoredBox face)
    {
        Asked.Add(Invariant($"fit {frame.Pixels[0]} at {face.Box.Left}"));
        return Invariant($"{frame.Pixels[0]} at {face.Box.Left}");
    }

    public void Dispose() => IsDisposed = true;

    /// <summary>The list is the next call's too, as with the networks.</summary>
    private List<ScoredBox> See(string what, RgbImage frame, Func<int, int[]> faces)
    {
        Asked.Add(Invariant($"{what} {frame.Pixels[0]}"));
        _seen.Clear();
        _seen.AddRange(faces(frame.Pixels[0]).Select(Face));
        return _seen;
    }
}

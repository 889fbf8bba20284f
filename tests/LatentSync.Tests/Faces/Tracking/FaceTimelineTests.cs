using System.Diagnostics.CodeAnalysis;
using LatentSync.Faces;
using LatentSync.Faces.Tracking;
using LatentSync.Imaging;
using LatentSync.Timeline;

namespace LatentSync.Tests.Faces.Tracking;

[SuppressMessage("Reliability", "CA2000", Justification = "A scripted landmarker holds nothing.")]
public class FaceTimelineTests
{
    private static readonly FaceBox Left = new(50, 50, 150, 150);
    private static readonly FaceBox Right = new(200, 50, 300, 150);

    private static readonly RgbImage Scene = new MovingScene(1).Frame();
    private static readonly RgbImage OtherScene = new MovingScene(2).Frame();

    [Fact]
    public void ACut_IsCounted_AndStartsAShot()
    {
        var timeline = new FaceTimeline(Landmarker(_ => [Left]), 256, FaceChoice.Largest, longestBridge: 5, FrameClock.Model);
        AddAll(timeline, [.. Enumerable.Repeat(Scene, 8), .. Enumerable.Repeat(OtherScene, 8)]);
        Assert.Equal((1, 16), (timeline.Cuts, timeline.Planned));
        Assert.Equal([0, 8], Enumerable.Range(0, 16).Where(frame => timeline[frame].StartsShot));
        Assert.All(Enumerable.Range(0, 16), frame => Assert.Equal(FrameFate.Synced, timeline[frame].Fate));
    }

    /// <summary>Somebody else may be the largest in another shot.</summary>
    [Fact]
    public void InEachShot_ThePersonIsChosenAnew()
    {
        var large = new FaceBox(180, 20, 320, 160);
        var timeline = new FaceTimeline(Landmarker(frame => frame < 8 ? [Left] : [Left, large]), 256, FaceChoice.Largest, longestBridge: 5, FrameClock.Model);
        AddAll(timeline, [.. Enumerable.Repeat(Scene, 8), .. Enumerable.Repeat(OtherScene, 8)]);
        Assert.NotEqual(timeline[7].Faces[0].Alignment, timeline[8].Faces[0].Alignment);
        var uncut = new FaceTimeline(Landmarker(frame => frame < 8 ? [Left] : [Left, large]), 256, FaceChoice.Largest, longestBridge: 5, FrameClock.Model);
        AddAll(uncut, [.. Enumerable.Repeat(Scene, 16)]);
        Assert.Equal(uncut[7].Faces[0].Alignment, uncut[8].Faces[0].Alignment);
    }

    /// <summary>The point that a user names is that of a frame: from there on it chooses.</summary>
    [Fact]
    public void APointOfALaterFrame_ChoosesFromThereOn()
    {
        var choice = FaceChoice.NearestTo(250, 100, frame: 8);
        var timeline = new FaceTimeline(Landmarker(frame => frame < 8 ? [Left] : [Left, Right]), 256, choice, longestBridge: 5, FrameClock.Model);
        AddAll(timeline, [.. Enumerable.Repeat(Scene, 16)]);
        Assert.Equal((0, 16), (timeline.Cuts, timeline.Planned));
        Assert.Equal([0, 8], Enumerable.Range(0, 16).Where(frame => timeline[frame].StartsShot));
        Assert.NotEqual(timeline[7].Faces[0].Alignment, timeline[8].Faces[0].Alignment);
    }

    [Fact]
    public void WithAll_WhoComesLater_HasAPlaceFromThenOn_AndFadesIn()
    {
        var timeline = new FaceTimeline(Landmarker(frame => frame < 8 ? [Left] : [Left, Right]), 256, FaceChoice.All, longestBridge: 5, FrameClock.Model);
        AddAll(timeline, [.. Enumerable.Repeat(Scene, 20)]);
        Assert.Equal(20, timeline.Planned);

        // Seen in the five frames from 8 on, followed from the last of these.
        Assert.Equal([.. Enumerable.Repeat(1, 12), .. Enumerable.Repeat(2, 8)], Enumerable.Range(0, 20).Select(frame => timeline[frame].Faces.Count));
        Assert.Equal([0.25f, 0.5f, 0.75f, 1], Enumerable.Range(12, 4).Select(frame => timeline[frame].Faces[1].Weight));
        Assert.All(Enumerable.Range(0, 20), frame => Assert.Equal(1, timeline[frame].Faces[0].Weight));
    }

    [Fact]
    public void BeforeAFrameIsLookedAt_NothingIsPlanned()
    {
        var timeline = new FaceTimeline(Landmarker(_ => []), 256, FaceChoice.Largest, longestBridge: 5, FrameClock.Model);
        Assert.Equal(0, timeline.Planned);
        AddAll(timeline, [Scene, Scene]);
        Assert.Equal(2, timeline.Planned);
        Assert.Equal(FrameFate.NoFace, timeline[1].Fate);
        timeline.End();
        Assert.Equal(2, timeline.Planned);
    }

    /// <summary>The same picture squeezed to half of its width is aligned to the same face.</summary>
    [Fact]
    public void OblongPixels_AreAlignedAsTheyAreShown()
    {
        var square = new FaceTimeline(Landmarker(_ => [Left]), 256, FaceChoice.Largest, longestBridge: 5, FrameClock.Model);
        var squeezed = new FaceBox(25 - 0.25, 50, 75 - 0.25, 150);
        var oblong = new FaceTimeline(Landmarker(_ => [squeezed]), 256, FaceChoice.Largest, longestBridge: 5, FrameClock.Model, pixelAspect: 2);
        AddAll(square, [Scene, Scene, Scene]);
        AddAll(oblong, [Scene, Scene, Scene]);
        var (expected, actual) = (square[0].Faces[0].Alignment.Apply(new Point2D(100, 80)), oblong[0].Faces[0].Alignment.Apply(new Point2D(49.75, 80)));
        Assert.Equal(expected.X, actual.X, 1e-9);
        Assert.Equal(expected.Y, actual.Y, 1e-9);
    }

    private static ScriptedFrames Landmarker(Func<int, FaceBox[]> script) => new(script);

    private static void AddAll(FaceTimeline timeline, RgbImage[] frames)
    {
        foreach (var (index, frame) in frames.Index())
        {
            timeline.Add(frame, index);
        }

        timeline.End();
    }

    /// <summary>Finds in the frames, one after the other, the faces that a script has for them.</summary>
    private sealed class ScriptedFrames(Func<int, FaceBox[]> script) : IFaceLandmarker
    {
        private FaceBox[] _faces = [];
        private int _frame;

        public int SmallFaces => 0;

        public bool SeesTurnedFaces => false;

        public FaceLandmarks? Find(RgbImage frame) => throw new NotSupportedException();

        public IReadOnlyList<FaceBox> Detect(RgbImage frame, params ReadOnlySpan<FaceBox> expected) => _faces = script(_frame++);

        public FaceLandmarks? Fit(RgbImage frame, int face) =>
            new(_faces[face], 1, new Point2D(_faces[face].Left, _faces[face].Top), new Point2D(_faces[face].Right, _faces[face].Top), _faces[face].Center);

        public FaceLandmarks? FitNew(RgbImage frame, int face) => Fit(frame, face);

        public FaceLandmarks? FindNear(RgbImage frame, FaceLandmarks previous) => null;

        public void Reset() { }

        public IFaceScout CreateScout() => throw new NotSupportedException();

        public void Dispose() { }
    }
}

using System.Diagnostics.CodeAnalysis;
using LatentSync.Faces;
using LatentSync.Faces.Tracking;
using LatentSync.Imaging;

namespace LatentSync.Tests.Faces.Tracking;

[SuppressMessage("Reliability", "CA2000", Justification = "A scripted landmarker holds nothing.")]
public class ReferenceTimelineTests
{
    private static readonly FaceLandmarks Face = new(
        new FaceBox(300, 350, 420, 500),
        1,
        new Point2D(336, 390),
        new Point2D(385, 398),
        new Point2D(356, 431),
        Turn: 5
    );

    private static readonly FaceLandmarks Other = Face with { Box = new FaceBox(0, 1, 2, 3), Nose = new Point2D(350, 440) };

    /// <summary>Whoever it is, and however far turned; smoothed over gaps, as the reference does.</summary>
    [Fact]
    public void EveryFace_IsPainted_AndTheAlignmentSmoothedOverAll()
    {
        var landmarker = new FixedLandmarker(Face, null, Other, Face with { LeftBrow = Face.Nose, RightBrow = Face.Nose });
        var timeline = new ReferenceTimeline(landmarker, 256);
        for (var frame = 0; frame < 4; frame++)
        {
            timeline.Add(new RgbImage(1, 1), frame);
            Assert.Equal(frame + 1, timeline.Planned);
        }

        timeline.End();
        var aligner = new FaceAligner(256);
        AssertPainted(Align(Face), timeline[0]);
        AssertPassed(timeline[1]);
        AssertPainted(Align(Other), timeline[2]);
        AssertPassed(timeline[3]);
        Assert.Equal((4, 0, 4), (timeline.Planned, timeline.Cuts, landmarker.Resets));

        AffineTransform Align(FaceLandmarks face) => aligner.Align(face.LeftBrow, face.RightBrow, face.Nose);
    }

    [Fact]
    public void TheFirstFace_IsTold()
    {
        var told = new List<LipSyncFaces>();
        var timeline = new ReferenceTimeline(new FixedLandmarker(null, Other, Face), 256, told.Add);
        for (var frame = 0; frame < 3; frame++)
        {
            timeline.Add(new RgbImage(1, 1), frame);
        }

        var faces = Assert.Single(told);
        Assert.Equal(1, faces.Frame);
        Assert.Equal(new LipSyncFace(0, 1, 2, 3, IsChosen: true), Assert.Single(faces.Faces));
    }

    private static void AssertPainted(AffineTransform alignment, FramePlan plan)
    {
        Assert.Equal(new FacePlan(FrameFate.Synced, StartsShot: false, Weight: 1, alignment), Assert.Single(plan.Faces));
        Assert.False(plan.StartsShot);
    }

    private static void AssertPassed(FramePlan plan) => Assert.Equal((FrameFate.NoFace, 0f), (plan.Fate, Assert.Single(plan.Faces).Weight));
}

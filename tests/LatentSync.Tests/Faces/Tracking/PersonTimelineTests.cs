using LatentSync.Faces;
using LatentSync.Faces.Tracking;
using LatentSync.Imaging;
using LatentSync.Timeline;

namespace LatentSync.Tests.Faces.Tracking;

public class PersonTimelineTests
{
    private static readonly FaceLandmarks Face = new(new FaceBox(300, 350, 420, 500), 1, new Point2D(336, 390), new Point2D(385, 398), new Point2D(356, 431));

    private static readonly FaceLandmarks Moved = Face with { Nose = new Point2D(350, 440) };

    /// <summary>Beyond 0.6 a face is turned away, and back only below 0.5; S = painted, T = turned away.</summary>
    [Theory]
    [InlineData("SSTTTS", 0.0, 0.6, 0.61, 0.55, 0.51, 0.5)]
    [InlineData("SSTTTS", 0.0, -0.6, -0.61, -0.55, -0.51, -0.5)]
    [InlineData("STTS", 0.55, 0.7, 0.55, 0.4)]
    public void ATurnedFace_PassesThrough_UntilItIsPlainlyBack(string expected, params double[] turns)
    {
        var timeline = Timeline();
        foreach (var (frame, turn) in turns.Index())
        {
            timeline.Add(new FollowedFace(1, Face with { Turn = turn }), frame);
        }

        timeline.EndShot();
        Assert.Equal(expected, string.Concat(Enumerable.Range(0, turns.Length).Select(frame => "SBT."[(int)timeline[frame].Fate])));
    }

    [Fact]
    public void AnotherPerson_IsNotTurnedBecauseTheOneBeforeWas()
    {
        var timeline = Timeline();
        timeline.Add(new FollowedFace(1, Face with { Turn = 0.7 }), 0);
        timeline.Add(new FollowedFace(2, Face with { Turn = 0.55 }), 1);
        timeline.EndShot();
        timeline.Add(new FollowedFace(2, Face with { Turn = 0.7 }), 2);
        timeline.EndShot();
        timeline.Add(new FollowedFace(2, Face with { Turn = 0.55 }), 3);
        timeline.EndShot();
        Assert.Equal(
            [FrameFate.TurnedAway, FrameFate.Synced, FrameFate.TurnedAway, FrameFate.Synced],
            Enumerable.Range(0, 4).Select(frame => timeline[frame].Fate)
        );
    }

    /// <summary>Smoothing goes over the frames of one person in one shot.</summary>
    [Fact]
    public void TheAlignment_IsSmoothed_ForEachPersonAnew()
    {
        var timeline = Timeline();
        FollowedFace[] faces = [new(1, Face), new(1, Moved), new(2, Moved)];
        foreach (var (frame, face) in faces.Index())
        {
            timeline.Add(face, frame);
        }

        timeline.EndShot();
        timeline.Add(new FollowedFace(2, Face), 3);
        timeline.EndShot();

        var aligner = new FaceAligner(256);
        var first = Align(aligner, Face);
        Assert.Equal(first, timeline[0].Alignment);
        Assert.Equal(Align(aligner, Moved), timeline[1].Alignment);
        Assert.Equal(Align(new FaceAligner(256), Moved), timeline[2].Alignment);
        Assert.Equal(first, timeline[3].Alignment);
    }

    [Fact]
    public void AFaceWhosePointsCoincide_IsNone()
    {
        var timeline = Timeline();
        timeline.Add(new FollowedFace(1, Face with { LeftBrow = Face.Nose, RightBrow = Face.Nose }), 0);
        timeline.Add(new FollowedFace(1, Face: null), 1);
        timeline.EndShot();
        Assert.Equal((FrameFate.NoFace, FrameFate.NoFace), (timeline[0].Fate, timeline[1].Fate));
        Assert.Equal(AffineTransform.Identity, timeline[0].Alignment);
    }

    /// <summary>Pixels twice as wide as high: the face is aligned as it is shown, and the alignment is that of the frame's pixels.</summary>
    [Fact]
    public void FacesOfOblongPixels_AreAlignedAsTheyAreShown()
    {
        var toSquare = AffineTransform.ToSquarePixels(2);
        var timeline = new PersonTimeline(256, longestBridge: 0, FrameClock.Model, toSquare, first: 7);
        timeline.Add(new FollowedFace(1, Face), 7);
        timeline.Add(new FollowedFace(1, Face: null), 8);
        timeline.EndShot();
        Assert.Equal((7, 9), (timeline.First, timeline.Planned));
        var shown = new FaceAligner(256).TryAlign(Face, toSquare)!.Value;
        var (expected, actual) = (shown.Apply(toSquare.Apply(Face.Nose)), timeline[7].Alignment.Apply(Face.Nose));
        Assert.Equal(expected.X, actual.X, 1e-9);
        Assert.Equal(expected.Y, actual.Y, 1e-9);
        Assert.Equal(AffineTransform.Identity, timeline[8].Alignment);
    }

    [Fact]
    public void WhoComesLater_FadesIn()
    {
        var timeline = Timeline();
        timeline.Enter(before: 9);
        for (var frame = 10; frame < 15; frame++)
        {
            timeline.Add(new FollowedFace(1, Face), frame);
        }

        timeline.EndShot();
        Assert.Equal([0.25f, 0.5f, 0.75f, 1, 1], Enumerable.Range(0, 5).Select(frame => timeline[frame].Weight));
        Assert.All(Enumerable.Range(0, 5), frame => Assert.False(timeline[frame].StartsShot));
    }

    /// <summary>Over a gap the middle of the crop moves in a straight line.</summary>
    [Fact]
    public void ABridge_TakesTheMiddleOfTheCropStraight()
    {
        var timeline = new PersonTimeline(256, longestBridge: 1, FrameClock.Model, AffineTransform.Identity, first: 0);
        timeline.Add(new FollowedFace(1, Face), 0);
        timeline.Add(new FollowedFace(1, Face: null), 1);
        timeline.Add(new FollowedFace(1, Moved), 2);
        timeline.EndShot();
        var size = CropSize.ForResolution(256);
        var middles = Enumerable
            .Range(0, 3)
            .Select(frame => timeline[frame].Alignment.Invert().Apply(new Point2D(size.Width / 2.0, size.Height / 2.0)))
            .ToArray();
        Assert.Equal(FrameFate.Bridged, timeline[1].Fate);
        Assert.Equal((middles[0].X + middles[2].X) / 2, middles[1].X, 1e-9);
        Assert.Equal((middles[0].Y + middles[2].Y) / 2, middles[1].Y, 1e-9);
    }

    private static PersonTimeline Timeline() => new(256, longestBridge: 0, FrameClock.Model, AffineTransform.Identity, first: 0);

    private static AffineTransform Align(FaceAligner aligner, FaceLandmarks face) => aligner.Align(face.LeftBrow, face.RightBrow, face.Nose);
}

using System.Diagnostics.CodeAnalysis;
using LatentSync.Faces;
using LatentSync.Faces.Tracking;
using LatentSync.Imaging;

namespace LatentSync.Tests.Faces.Tracking;

[SuppressMessage("Reliability", "CA2000", Justification = "A scripted landmarker holds nothing.")]
public class FaceFollowerTests
{
    private static readonly FaceBox Left = Box(100, 100);
    private static readonly FaceBox Middle = Box(300, 120);
    private static readonly FaceBox Right = Box(500, 100);

    [Theory]
    [InlineData("largest", 300)]
    [InlineData("left:1", 100)]
    [InlineData("left:2", 300)]
    [InlineData("left:3", 500)]
    [InlineData("point:480,90", 500)]
    [InlineData("point:0,0", 100)]
    public void TheChosenFace_IsTaken(string choice, double expected) =>
        Assert.All(Follow(choice, 12, _ => [Right, Middle, Left]), x => Assert.Equal(expected, x));

    [Fact]
    public void WithFewerFacesThanAskedFor_NobodyIsTaken() => Assert.All(Follow("left:3", 12, _ => [Left, Right]), Assert.Null);

    /// <summary>Sizes that change a little from frame to frame choose nobody anew, and the left one of two equals wins in every shot.</summary>
    [Fact]
    public void TwoFacesOfAboutEqualSize_DoNotFlicker()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            Assert.All(Follow("largest", 30, _ => [Box(300, 100 + random.Next(-6, 7)), Box(100, 100 + random.Next(-6, 7))]), x => Assert.Equal(100, x));
        }
    }

    [Fact]
    public void ALargerFaceInOneFrame_IsNoReason() =>
        Assert.All(Follow("largest", 12, frame => frame == 1 ? [Left, Box(500, 400)] : [Left, Box(500, 60)]), x => Assert.Equal(100, x));

    [Fact]
    public void WhatIsNoFace_IsNotChosen() => Assert.Equal(
        [null, null, 100, 100, 100, 100, 100, 100],
        Follow("largest", new ScriptedLandmarker(frame => frame < 2 ? [(Box(500, 300), false)] : [(Box(500, 300), false), (Left, true)]), 8));

    [Fact]
    public void AMissingFace_IsNotReplacedByAnother_AndComesBack() => Assert.Equal(
        [100, 100, 100, 100, 100, 100, null, null, null, 104, 104],
        Follow("largest", 11, frame => frame is >= 6 and < 9 ? [Box(260, 80)] : [Box(260, 80), frame < 9 ? Left : Box(104, 100)]));

    [Fact]
    public void AnUndetectedFace_IsLookedForWhereItWas_ButNotInAnothersPlace()
    {
        Assert.All(Follow("largest", new ScriptedLandmarker(frame => frame == 7 ? [] : [(Left, true)]) { SeesNear = true }, 10), x => Assert.Equal(100, x));

        var script = new ScriptedLandmarker(frame => frame >= 7 ? [(Box(120, 80), true)] : [(Left, true), (Box(150 - (5 * frame) + 5, 80), true)]) { SeesNear = true };
        Assert.Equal(3, Follow("largest", script, 10).Count(x => x is null));
    }

    [Fact]
    public void AfterTheChoice_OnlyOneFaceIsLookedAtClosely()
    {
        var landmarker = new ScriptedLandmarker(_ => [(Left, true), (Middle, true), (Right, true)]);
        Follow("largest", landmarker, 100);
        Assert.Equal((3 * FaceFollower.OpeningFrames) + (100 - FaceFollower.OpeningFrames), landmarker.Fits);
    }

    private static List<double?> Follow(string choice, int frames, Func<int, FaceBox[]> script) =>
        Follow(choice, new ScriptedLandmarker(frame => script(frame).Select(box => (box, true))), frames);

    private static List<double?> Follow(string choice, ScriptedLandmarker landmarker, int frames)
    {
        var follower = new FaceFollower(landmarker, FaceChoice.Parse(choice));
        var faces = new List<double?>();
        for (var i = 0; i < frames; i++)
        {
            follower.Observe(new RgbImage(1, 1, [(byte)i, 0, 0]));
            Take();
            Assert.InRange(i + 1 - faces.Count, 0, FaceFollower.OpeningFrames - 1);
        }

        follower.EndShot();
        Take();
        Assert.Equal(frames, faces.Count);
        return faces;

        void Take()
        {
            while (follower.TryTake(out var face))
            {
                faces.Add(face?.Box.Center.X);
            }
        }
    }

    private static FaceBox Box(double x, double size) => new(x - (size / 2), 200 - (size / 2), x + (size / 2), 200 + (size / 2));
}

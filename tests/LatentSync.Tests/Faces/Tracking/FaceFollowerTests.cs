using System.Diagnostics.CodeAnalysis;
using LatentSync.Faces;
using LatentSync.Faces.Tracking;
using LatentSync.Imaging;
using LatentSync.Timeline;

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
    public void WhatIsNoFace_IsNotChosen() =>
        Assert.Equal(
            [null, null, 100, 100, 100, 100, 100, 100],
            Follow("largest", new ScriptedLandmarker(frame => frame < 2 ? [(Box(500, 300), false)] : [(Box(500, 300), false), (Left, true)]), 8)
        );

    /// <summary>A pattern looks like a face now and then; the last frame of a shot is no exception.</summary>
    [Theory]
    [InlineData(12, 3)]
    [InlineData(12, 3, 4)]
    [InlineData(12, 11)]
    [InlineData(12, 10, 11)]
    [InlineData(12, 2, 7, 11)]
    [InlineData(2, 0, 1)]
    public void WhatIsSeenOnceOrTwice_IsNobody(int frames, params int[] seen) =>
        Assert.All(Follow("largest", frames, frame => seen.Contains(frame) ? [Left] : []), Assert.Null);

    [Fact]
    public void WhatIsSeenInThreeFrames_IsSomebody() =>
        Assert.Equal([null, null, 100, 100, null, 100], Follow("largest", 6, frame => frame is 2 or 3 or 5 ? [Left] : []));

    /// <summary>Where the whole video has fewer frames, as a picture has, they are enough.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void AVeryShortVideo_IsTakenAsItIs(int frames)
    {
        var timeline = new FaceTimeline(new ScriptedLandmarker(_ => [(Left, true)]), 256, FaceChoice.Largest, longestBridge: 5, FrameClock.Model);
        for (var frame = 0; frame < frames; frame++)
        {
            timeline.Add(new RgbImage(48, 27), frame);
        }

        timeline.End();
        Assert.All(Enumerable.Range(0, frames), frame => Assert.Equal(FrameFate.Synced, Assert.Single(timeline[frame].Faces).Fate));
    }

    [Fact]
    public void AMissingFace_IsNotReplacedByAnother_AndComesBack() =>
        Assert.Equal(
            [100, 100, 100, 100, 100, 100, null, null, null, 104, 104],
            Follow("largest", 11, frame => frame is >= 6 and < 9 ? [Box(260, 80)] : [Box(260, 80), frame < 9 ? Left : Box(104, 100)])
        );

    [Fact]
    public void AnUndetectedFace_IsLookedForWhereItWas_ButNotInAnothersPlace()
    {
        Assert.All(Follow("largest", new ScriptedLandmarker(frame => frame == 7 ? [] : [(Left, true)]) { SeesNear = true }, 10), x => Assert.Equal(100, x));

        var script = new ScriptedLandmarker(frame => frame >= 7 ? [(Box(120, 80), true)] : [(Left, true), (Box(150 - (5 * frame) + 5, 80), true)])
        {
            SeesNear = true,
        };
        Assert.Equal(3, Follow("largest", script, 10).Count(x => x is null));
    }

    [Fact]
    public void AfterTheChoice_OnlyOneFaceIsLookedAtClosely()
    {
        var landmarker = new ScriptedLandmarker(_ => [(Left, true), (Middle, true), (Right, true)]);
        Follow("largest", landmarker, 100);
        Assert.Equal((3 * FaceFollower.OpeningFrames) + (100 - FaceFollower.OpeningFrames), landmarker.Fits);
    }

    [Fact]
    public void All_FollowsEverybody_AlsoWhoComesLater_AndGivesFreePlacesAway()
    {
        // The right one goes at 10 and is given up after 25 frames; the middle one comes at 20, and again, as another, at 60.
        var people = FollowAll(70, frame =>
            [.. frame < 10 ? [Right] : Array.Empty<FaceBox>(), Left, .. frame is (>= 20 and < 28) or >= 60 ? [Middle] : Array.Empty<FaceBox>()]
        );
        Assert.All(people, row => Assert.Equal(100, row[0]));
        Assert.Equal(Enumerable.Repeat<double?>(500, 10), people.Take(10).Select(row => row[1]));
        Assert.All(people.Take(24), row => Assert.Equal(2, row.Count));
        Assert.Equal([300, 300, 300, 300, null], people.Skip(24).Take(5).Select(row => row[2]));
        Assert.Equal([null, 300, 300], people.Skip(63).Take(3).Select(row => row[1]));
        Assert.All(people.Skip(28), row => Assert.Null(row[2]));
    }

    [Fact]
    public void All_ChoosesFromLeftToRight_AndLeavesOutWhoIsSeenOnce() =>
        Assert.All(FollowAll(12, frame => frame == 1 ? [Right, Left, Middle] : [Right, Left]), row => Assert.Equal([100, 500], row));

    [Fact]
    public void Faces_AreToldOnceAShot_OfTheFirstFrameWithTheChosenOne()
    {
        var told = Told(
            "left:2",
            16,
            frame =>
                frame is < 3 or 9 ? []
                : frame == 3 ? [Left]
                : [Right, Left],
            cut: 9
        );
        Assert.Equal([4, 10], told.Select(faces => faces.Frame));
        Assert.All(told, faces => Assert.Equal([(100, false), (500, true)], faces.Faces.Select(face => ((face.Left + face.Right) / 2, face.IsChosen)).Order()));
    }

    [Fact]
    public void WhereTheWantedOneIsNotThere_TheOthersAreToldOnce()
    {
        var told = Assert.Single(Told("left:3", 12, frame => [Left, Right], cut: -1));
        Assert.Equal((0, 2, 0), (told.Frame, told.Faces.Count, told.Faces.Count(face => face.IsChosen)));
    }

    private static List<LipSyncFaces> Told(string choice, int frames, Func<int, FaceBox[]> script, int cut)
    {
        var told = new List<LipSyncFaces>();
        var follower = new FaceFollower(new ScriptedLandmarker(frame => script(frame).Select(box => (box, true))), FaceChoice.Parse(choice), found: told.Add);
        for (var i = 0; i < frames; i++)
        {
            if (i == cut)
            {
                follower.EndShot();
            }

            follower.Observe(new RgbImage(1, 1, [(byte)i, 0, 0]));
        }

        follower.EndShot();
        return told;
    }

    private static List<IReadOnlyList<double?>> FollowAll(int frames, Func<int, FaceBox[]> script)
    {
        var follower = new FaceFollower(new ScriptedLandmarker(frame => script(frame).Select(box => (box, true))), FaceChoice.All);
        for (var i = 0; i < frames; i++)
        {
            follower.Observe(new RgbImage(1, 1, [(byte)i, 0, 0]));
        }

        follower.EndShot();
        var rows = new List<IReadOnlyList<double?>>();
        while (follower.TryTake(out var people))
        {
            rows.Add([.. people.Select(person => person.Face?.Box.Center.X)]);
        }

        Assert.Equal(frames, rows.Count);
        return rows;
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
            while (follower.TryTake(out var people))
            {
                faces.Add(people.SingleOrDefault().Face?.Box.Center.X);
            }
        }
    }

    private static FaceBox Box(double x, double size) => new(x - (size / 2), 200 - (size / 2), x + (size / 2), 200 + (size / 2));
}

using LatentSync.Faces;
using LatentSync.Faces.Tracking;

namespace LatentSync.Tests.Faces.Tracking;

public class FaceTracksTests
{
    /// <summary>Two people walk past each other, one hides the other on the way; boxes come in any order.</summary>
    [Fact]
    public void TwoCrossingFaces_KeepTheirTracks()
    {
        var tracks = new FaceTracks();
        var random = new Random(3);
        var (left, right) = (-1, -1);
        for (var frame = 0; frame <= 60; frame++)
        {
            var (a, b) = (Box(100 + (8 * frame), 200, 100), Box(580 - (8 * frame), 205, 110));
            var isHidden = a.Overlap(b) > 0.6;
            List<FaceBox> boxes =
                isHidden ? [b]
                : frame % 2 == 0 ? [a, b]
                : [b, a];
            boxes = boxes.ConvertAll(box => box.Move(random.Next(-2, 3), random.Next(-2, 3)));
            var ids = tracks.Assign(boxes, kept: null);
            var (indexOfA, indexOfB) =
                isHidden ? (-1, 0)
                : frame % 2 == 0 ? (0, 1)
                : (1, 0);
            if (frame == 0)
            {
                (left, right) = (ids[0], ids[1]);
                Assert.NotEqual(left, right);
            }

            Assert.Equal(right, ids[indexOfB]);
            Assert.True(indexOfA < 0 || ids[indexOfA] == left, Invariant($"Frame {frame}"));
        }
    }

    [Fact]
    public void WhileOneIsMissing_TheOtherIsNotTakenForIt()
    {
        var tracks = new FaceTracks();
        var ids = tracks.Assign([Box(100, 200, 100), Box(220, 200, 100)], kept: null);
        for (var frame = 0; frame < 100; frame++)
        {
            Assert.Equal([ids[1]], tracks.Assign([Box(220, 200, 100)], kept: ids[0]));
        }

        Assert.Equal([ids[1], ids[0]], tracks.Assign([Box(220, 200, 100), Box(104, 196, 100)], kept: ids[0]));
    }

    [Fact]
    public void AFaceOfAnotherSize_IsAnother()
    {
        var tracks = new FaceTracks();
        var first = tracks.Assign([Box(100, 200, 100)], kept: null);
        Assert.NotEqual(first, tracks.Assign([Box(100, 200, 200)], kept: null));
    }

    [Fact]
    public void Reject_IsAsIfTheFaceHadBeenMissed()
    {
        var track = new FaceTrack(0, Box(100, 100, 50));
        track.See(Box(110, 100, 50));
        var before = track.Predicted;
        track.See(Box(130, 140, 50));
        track.Reject();
        Assert.Equal(1, track.Missed);
        Assert.Equal(115, before.Center.X, 1e-9);
        Assert.Equal(120, track.Predicted.Center.X, 1e-9);
    }

    private static FaceBox Box(double x, double y, double size) => new(x - (size / 2), y - (size / 2), x + (size / 2), y + (size / 2));
}

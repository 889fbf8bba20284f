using LatentSync.Faces;
using LatentSync.Faces.Tracking;

namespace LatentSync.Tests.Faces.Tracking;

public class PersonSelectorTests
{
    [Theory]
    [InlineData("like:anna.jpg", 2)]
    [InlineData("all", 1, 2, 3)]
    [InlineData("left:3", 3)]
    [InlineData("left:4")]
    [InlineData("largest", 1)]
    [InlineData("point:290,100", 3)]
    public void Choose_FollowsTheChoice(string choice, params int[] expected)
    {
        // From right to left; the third is a little larger, by less than noise makes.
        Sighting[] faces = [At(3, 300, 104, 0.4), At(2, 200, 60, 0.6), At(1, 100, 100, 0.5)];
        Assert.Equal(expected, PersonSelector.Choose(FaceChoice.Parse(choice), [faces, faces, faces], seenFrames: 3));
    }

    /// <summary>The mean counts: 0.5 is like enough.</summary>
    [Theory]
    [InlineData(0.5, true)]
    [InlineData(0.49, false)]
    public void Like_WantsTheFaceToBeAlikeEnough(double likeness, bool isChosen)
    {
        IReadOnlyList<Sighting>[] frames =
        [
            [At(1, 100, 100, likeness - 0.3)],
            [At(1, 100, 100, likeness + 0.3)],
        ];
        Assert.Equal(isChosen ? [1] : [], PersonSelector.Choose(FaceChoice.Parse("like:anna.jpg"), frames, seenFrames: 2));
    }

    /// <summary>Who is seen in half of the frames, and as often as is asked for, is there.</summary>
    [Theory]
    [InlineData(2, 4, 2, true)]
    [InlineData(2, 5, 2, false)]
    [InlineData(2, 4, 3, false)]
    [InlineData(3, 3, 3, true)]
    public void WhoIsSeenTooSeldom_IsNotThere(int seen, int frames, int seenFrames, bool isChosen)
    {
        var sightings = Enumerable.Range(0, frames).Select(frame => frame < seen ? (IReadOnlyList<Sighting>)[At(7, 100, 100)] : []).ToArray();
        Assert.Equal(isChosen ? [7] : [], PersonSelector.Choose(FaceChoice.Largest, sightings, seenFrames));
    }

    /// <summary>Of the areas of two squares the smaller is 0.86 or 0.84 of the larger.</summary>
    [Theory]
    [InlineData(93, 1)]
    [InlineData(91.5, 2)]
    public void OfAboutEqualFaces_TheLeftOneIsTheLargest(double size, int expected)
    {
        Sighting[] faces = [At(1, 100, size), At(2, 300, 100)];
        Assert.Equal([expected], PersonSelector.Choose(FaceChoice.Largest, [faces], seenFrames: 1));
    }

    /// <summary>Each frame counts the same: in one alone the other one would be nearer, or further to the left.</summary>
    [Theory]
    [InlineData("point:100,100", 1)]
    [InlineData("left:1", 1)]
    public void PlacesAreMeans(string choice, int expected)
    {
        IReadOnlyList<Sighting>[] frames =
        [
            [At(1, 260, 100), At(2, 220, 100)],
            [At(1, 100, 100), At(2, 220, 100)],
        ];
        Assert.Equal([expected], PersonSelector.Choose(FaceChoice.Parse(choice), frames, seenFrames: 2));
    }

    private static Sighting At(int track, double x, double size, double likeness = 0) =>
        new(track, new FaceLandmarks(new FaceBox(x - (size / 2), 100 - (size / 2), x + (size / 2), 100 + (size / 2)), 1, default, default, default), likeness);
}

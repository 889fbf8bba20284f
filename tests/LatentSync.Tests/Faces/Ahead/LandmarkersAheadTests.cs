using LatentSync.Faces;
using LatentSync.Faces.Tracking;
using LatentSync.Imaging;
using LatentSync.Tests.Faces.MediaPipe;
using LatentSync.Timeline;

namespace LatentSync.Tests.Faces.Ahead;

/// <summary>
/// The built-in landmarker with and without scouts, on frames in which faces come, go, hide from one detector and lie where
/// patterns lie: every plan is the same, and so is what is counted.
/// </summary>
public sealed class LandmarkersAheadTests : IDisposable
{
    private const int Frames = 120;
    private const int AtOnce = 4;

    private static readonly (int X, int Y)[] Places = [(50, 60), (128, 60), (206, 60), (60, 190), (190, 190)];

    // Two that the first detector sees, one of them hardly, one that only the second sees, one too small, and one with its eyes
    // elsewhere, which is none.
    private readonly MadeUpFaceModels _models = new MadeUpFaceModels()
        .See(50, 60, 100)
        .See(128, 60, 100, logit: 1)
        .SeeSecond(206, 60, 100)
        .See(60, 190, 40)
        .See(190, 190, 100, eyesOff: 0.3);

    public void Dispose() => _models.Dispose();

    [Theory]
    [InlineData("largest", 1)]
    [InlineData("largest", 2)]
    [InlineData("left:2", 3)]
    [InlineData("point:60,60", 4)]
    [InlineData("all", 5)]
    [InlineData("all", 6)]
    [InlineData("parity", 7)]
    public void Plans_AreTheSame(string choice, int seed)
    {
        var frames = Scene(seed);
        var (plans, counts) = Follow(choice, frames, atOnce: 1);
        var (plansAhead, countsAhead) = Follow(choice, frames, AtOnce);
        Assert.Equal(plans, plansAhead);
        Assert.Equal(counts, countsAhead);
        Assert.InRange(plans.Count(plan => plan.Contains(nameof(FrameFate.Synced), StringComparison.Ordinal)), Frames / 8, Frames);
    }

    /// <summary>Each place is white for a while, then black for a while; now and then a frame has nothing, or everything.</summary>
    private static List<RgbImage> Scene(int seed)
    {
        var random = new Random(seed);
        var seen = Places.Select(_ => true).ToArray();
        var frames = new List<RgbImage>();
        for (var frame = 0; frame < Frames; frame++)
        {
            for (var place = 0; place < seen.Length; place++)
            {
                seen[place] ^= random.Next(12) == 0;
            }

            frames.Add(MadeUpFaceModels.Frame(random.Next(20) == 0 ? [] : [.. Places.Where((_, place) => seen[place])]));
        }

        return frames;
    }

    private (List<string> Plans, (int Small, bool SeesTurned, int Cuts) Counts) Follow(string choice, IReadOnlyList<RgbImage> frames, int atOnce)
    {
        using var landmarker = _models.Landmarker();
        var isParity = choice == "parity";
        IFaceTimeline timeline = isParity
            ? new ReferenceTimeline(landmarker, resolution: 128)
            : new FaceTimeline(landmarker, resolution: 128, FaceChoice.Parse(choice), longestBridge: 5, FrameClock.Model);
        IFaceScout[] scouts = [.. Enumerable.Range(0, atOnce > 1 ? atOnce : 0).Select(_ => landmarker.CreateScout())];
        foreach (var group in frames.Index().Chunk(atOnce))
        {
            if (atOnce > 1)
            {
                Parallel.For(0, group.Length, i => scouts[i].Look(group[^(i + 1)].Item));
            }

            foreach (var (index, frame) in group)
            {
                timeline.Add(frame, index);
            }
        }

        timeline.End();
        Array.ForEach(scouts, scout => scout.Dispose());
        return (
            [.. Enumerable.Range(0, timeline.Planned).Select(frame => string.Join("; ", timeline[frame].Faces))],
            (landmarker.SmallFaces, landmarker.SeesTurnedFaces, timeline.Cuts)
        );
    }
}

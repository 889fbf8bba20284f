using System.Text.RegularExpressions;
using LatentSync.Faces.Tracking;
using LatentSync.Imaging;
using LatentSync.Timeline;

namespace LatentSync.Tests.Faces.Tracking;

/// <summary>F = face, . = missing, T = turned away, | = cut; planned: S = synced, B = bridged.</summary>
public class GapPlannerTests
{
    [Theory]
    [InlineData("FFFF", 5, "SSSS")]
    [InlineData("FF...FF", 3, "SSBBBSS")]
    [InlineData("FF...FF", 2, "SS...SS")]
    [InlineData("F.F", 0, "S.S")]
    [InlineData("..FF", 5, "..SS")]
    [InlineData("FF..", 5, "SS..")]
    [InlineData("F.|.F", 5, "S..S")]
    [InlineData("F.T.F", 5, "S.T.S")]
    [InlineData("F..F...F", 2, "SBBS...S")]
    [InlineData("....", 5, "....")]
    public void Gaps_AreBridgedIfShortAndBetweenTwoFaces(string frames, int bridge, string expected) =>
        Assert.Equal(expected, new string([.. Plan(frames, bridge).Select(plan => "SBT."[(int)plan.Fate])]));

    [Theory]
    [InlineData("FFFFF..FFFFF", new[] { 4, 4, 3, 2, 1, 0, 0, 1, 2, 3, 4, 4 })]
    [InlineData("..FFFFF", new[] { 0, 0, 1, 2, 3, 4, 4 })]
    [InlineData("FFF|FFF", new[] { 4, 4, 4, 4, 4, 4 })]
    [InlineData("FFF..|FFF", new[] { 3, 2, 1, 0, 0, 4, 4, 4 })]
    [InlineData(".FFF.", new[] { 0, 1, 2, 1, 0 })]
    [InlineData("F.", new[] { 1, 0 })]
    public void ThePaintedMouth_FadesAroundWhatPassesThrough(string frames, int[] quarters) =>
        Assert.Equal(quarters, Plan(frames, 0).Select(plan => (int)(4 * plan.Weight)));

    [Fact]
    public void OnlyTheFirstFrameOfAShot_StartsOne() => Assert.Equal([true, false, false, true, false], Plan("F.F|FF", 1).Select(plan => plan.StartsShot));

    [Fact]
    public void ABridge_LeadsStraightFromFaceToFace()
    {
        var plans = Plan("F...F", 3);
        Assert.Equal([0, 1, 2, 3, 4], plans.Select(plan => Math.Round(plan.Alignment.Invert().Apply(default).X, 9)));
    }

    /// <summary>The streaming planner against one that sees the whole shot.</summary>
    [Fact]
    public void RandomShots_ArePlannedAsByOneWhoSeesAll()
    {
        var random = new Random(11);
        for (var round = 0; round < 500; round++)
        {
            var bridge = random.Next(0, 7);
            var frames = string.Concat(Enumerable.Range(0, 8).Select(_ => new string("FF..T"[random.Next(5)], random.Next(1, 9))));
            var (fates, weights) = PlanWithHindsight(frames, bridge);
            var plans = Plan(frames, bridge);
            Assert.Equal(fates, plans.Select(plan => plan.Fate));
            Assert.Equal(weights, plans.Select(plan => plan.Weight));
        }
    }

    [Fact]
    public void TheLookAhead_IsBounded()
    {
        const int bridge = 25;
        var planner = new GapPlanner(bridge, default, FrameClock.Model);
        var random = new Random(5);
        for (var frame = 1; frame <= 2000; frame++)
        {
            planner.Add(random.Next(40) < 20 && frame % 200 < 100 ? FrameFate.Synced : FrameFate.NoFace, AffineTransform.Identity, frame);
            Assert.InRange(frame - planner.Plans.Count, 0, bridge + 2 + GapPlanner.FadeFrames);
        }
    }

    /// <summary>A thousand frames for each of the model's.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheLookAhead_IsBounded_HoweverDenseTheFramesAre(bool isMissing)
    {
        var planner = new GapPlanner(25, default, new FrameClock(25_000, 25_000));
        for (var frame = 1; frame <= 3000; frame++)
        {
            planner.Add(frame == 1 || !isMissing ? FrameFate.Synced : FrameFate.NoFace, AffineTransform.Identity, frame);
            Assert.InRange(frame - planner.Plans.Count, 0, 700);
        }
    }

    private static IReadOnlyList<FacePlan> Plan(string frames, int bridge)
    {
        var planner = new GapPlanner(bridge, default, FrameClock.Model);
        foreach (var (index, frame) in frames.Index())
        {
            if (frame == '|')
            {
                planner.EndShot();
            }
            else
            {
                planner.Add(Fate(frame), AffineTransform.Identity.Translate(-index, 0), index);
            }
        }

        planner.EndShot();
        return planner.Plans;
    }

    private static (List<FrameFate> Fates, List<float> Weights) PlanWithHindsight(string frames, int bridge)
    {
        var fates = frames.Select(Fate).ToList();
        foreach (Match gap in Regex.Matches(frames, @"(?<=F)\.+(?=F)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)))
        {
            for (var i = 0; i < gap.Length && gap.Length <= bridge; i++)
            {
                fates[gap.Index + i] = FrameFate.Bridged;
            }
        }

        var passed = Enumerable.Range(0, fates.Count).Where(i => fates[i] is FrameFate.NoFace or FrameFate.TurnedAway).ToList();
        return (fates, [.. Enumerable.Range(0, fates.Count).Select(i => Math.Min(passed.Count == 0 ? 4 : passed.Min(other => Math.Abs(other - i)), 4) / 4f)]);
    }

    private static FrameFate Fate(char frame) =>
        frame switch
        {
            'F' => FrameFate.Synced,
            'T' => FrameFate.TurnedAway,
            _ => FrameFate.NoFace,
        };
}

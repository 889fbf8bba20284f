using LatentSync.Scoring;

namespace LatentSync.Tests.Scoring;

public class StillnessTests
{
    // 50 frames of speech, 50 of silence.
    private static readonly double[] Sound = [.. Enumerable.Range(0, 100).Select(frame => frame < 50 ? 1.0 : 0)];

    [Fact]
    public void ClosedShare_OfAMouthThatRests_IsOne() => Assert.Equal(1, Stillness.ClosedShare(Lips(_ => 0.01), Sound));

    [Fact]
    public void ClosedShare_OfAMouthThatGoesOn_IsLow() =>
        Assert.InRange(Stillness.ClosedShare(Lips(frame => 0.15 + (0.1 * Math.Sin(frame))), Sound)!.Value, 0, 0.2);

    [Fact]
    public void ClosedShare_WithoutSilence_IsUnknown() => Assert.Null(Stillness.ClosedShare(Lips(_ => 0), [.. Enumerable.Repeat(0.5, 100)]));

    private static double[] Lips(Func<int, double> inSilence) =>
        [.. Enumerable.Range(0, 100).Select(frame => frame < 50 ? 0.15 + (0.15 * Math.Sin(frame)) : inSilence(frame))];
}

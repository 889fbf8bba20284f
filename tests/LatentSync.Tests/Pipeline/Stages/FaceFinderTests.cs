using LatentSync.Pipeline.Stages;

namespace LatentSync.Tests.Pipeline.Stages;

/// <summary>Half of the cores look for faces beside a card; on the CPU the networks need them all.</summary>
public class FaceFinderTests
{
    [Theory]
    [InlineData(true, 1, 1)]
    [InlineData(true, 2, 1)]
    [InlineData(true, 3, 1)]
    [InlineData(true, 4, 2)]
    [InlineData(true, 8, 4)]
    [InlineData(true, 16, 6)]
    [InlineData(true, 128, 6)]
    [InlineData(false, 8, 1)]
    [InlineData(false, 128, 1)]
    public void FramesAtOnce_FollowTheCores(bool onCard, int cores, int expected) => Assert.Equal(expected, FaceFinder.ChooseFramesAtOnce(onCard, cores));

    [Fact]
    public void FramesAtOnce_AreOneUnlessSaid() => Assert.Equal((1, 3), (new FaceFinder(null).FramesAtOnce, new FaceFinder(null, 3).FramesAtOnce));
}

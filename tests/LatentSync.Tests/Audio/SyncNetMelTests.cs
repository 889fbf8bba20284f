using LatentSync.Audio;
using LatentSync.TestKit;

namespace LatentSync.Tests.Audio;

public class SyncNetMelTests
{
    [Theory]
    [InlineData(8000)]
    [InlineData(8199)]
    [InlineData(300)]
    [InlineData(1)]
    public void Compute_IsItsDefinition(int length)
    {
        var samples = TestSignals.Sweep(length);
        var expected = SlowSyncNetMel.Compute(samples);
        var actual = SyncNetMel.Compute(samples);
        Assert.Equal(expected.Shape, actual.Shape);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected.Data[i], actual.Data[i], 1e-3f);
        }
    }

    [Fact]
    public void Compute_OfSilence_IsTheLowestLevel() => Assert.All(SyncNetMel.Compute(new short[4000]).Data, value => Assert.Equal(-4, value));

    [Fact]
    public void Compute_OfNothing_IsOneSilentFrame() => Assert.Equal([1, 80], SyncNetMel.Compute([]).Shape);
}

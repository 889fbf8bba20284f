using LatentSync.Timeline;

namespace LatentSync.Tests.Timeline;

public class FrameClockTests
{
    /// <summary>Two ticks for a frame of the model: the nearest one, of two the later.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(1_000_000, 500_000)]
    public void ModelFrame_IsTheNearest(long ticks, int expected) => Assert.Equal(expected, new FrameClock(50, 50).ModelFrame(ticks));

    [Fact]
    public void ModelFrame_BeyondCounting_Overflows() => Assert.Throws<OverflowException>(() => FrameClock.Model.ModelFrame(long.MaxValue));

    [Fact]
    public void Times_AreThoseOfTheTicks()
    {
        var clock = new FrameClock(50_000, 60);
        Assert.Equal(12.5, clock.ModelFrames(25_000));
        Assert.Equal(TimeSpan.FromMilliseconds(500), clock.Time(25_000));
    }

    [Theory]
    [InlineData(60, 2.4)]
    [InlineData(25, 1)]
    [InlineData(12, 1)]
    public void FramesPerModelFrame_IsOneAtLeast(double rate, double expected) => Assert.Equal(expected, new FrameClock(1000, rate).FramesPerModelFrame);

    [Fact]
    public void AConstantRate_HasItsNumeratorForTicks()
    {
        Assert.Equal(new FrameClock(30000, 30000.0 / 1001), FrameClock.Of(new FrameRate(30000, 1001)));
        Assert.Equal(new FrameClock(25, 25), FrameClock.Model);
    }
}

namespace LatentSync.Tests.Timeline;

public class FrameRateTests
{
    [Theory]
    [InlineData(25, 1, 25, 1)]
    [InlineData(50, 2, 25, 1)]
    [InlineData(120, 1, 120, 1)]
    [InlineData(240, 2, 120, 1)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(60000, 2002, 30000, 1001)]
    public void ARate_IsInLowestTerms(int numerator, int denominator, int expectedNumerator, int expectedDenominator)
    {
        var rate = new FrameRate(numerator, denominator);
        Assert.Equal((expectedNumerator, expectedDenominator), (rate.Numerator, rate.Denominator));
        Assert.Equal((double)numerator / denominator, rate.Value, 1e-12);
    }

    [Theory]
    [InlineData(25, 0)]
    [InlineData(-25, -1)]
    [InlineData(0, 1)]
    [InlineData(24, 25)]
    [InlineData(121, 1)]
    [InlineData(241, 2)]
    [InlineData(int.MaxValue, 1)]
    public void ARateOutOfRange_IsRefused(int numerator, int denominator) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FrameRate(numerator, denominator));

    /// <summary>What is written of the rates of American television means the fraction.</summary>
    [Theory]
    [InlineData("23.976", 24000)]
    [InlineData("23.98", 24000)]
    [InlineData("29.97", 30000)]
    [InlineData("29.970", 30000)]
    [InlineData("47.952", 48000)]
    [InlineData("47.95", 48000)]
    [InlineData("59.94", 60000)]
    [InlineData("119.88", 120000)]
    public void RatesOfTelevision_AreOver1001(string text, int numerator)
    {
        Assert.True(FrameRate.TryParse(text, out var rate));
        Assert.Equal(new FrameRate(numerator, 1001), rate);
    }

    [Theory]
    [InlineData("29.971", 29971, 1000)]
    [InlineData("1.000001", 1000001, 1000000)]
    [InlineData("120.0", 120, 1)]
    [InlineData("2147483647/2147483647", 1, 1)]
    public void OtherDecimals_AreExact(string text, int numerator, int denominator)
    {
        Assert.True(FrameRate.TryParse(text, out var rate));
        Assert.Equal((numerator, denominator), (rate.Numerator, rate.Denominator));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("+25")]
    [InlineData(" 25")]
    [InlineData("0.999999")]
    [InlineData("120.000001")]
    [InlineData("3000001/25000")]
    [InlineData("24/25")]
    [InlineData("-50/-2")]
    [InlineData("50/2.0")]
    public void OtherTexts_AreRefused(string? text)
    {
        Assert.False(FrameRate.TryParse(text, out var rate));
        Assert.Equal(default, rate);
    }

    [Fact]
    public void ToString_LeavesOutADenominatorOfOne()
    {
        Assert.Equal("25", new FrameRate(25, 1).ToString());
        Assert.Equal("25/2", new FrameRate(25, 2).ToString());
    }
}

namespace LatentSync.Tests;

public class LipSyncOptionsTests
{
    [Fact]
    public void Defaults_AreTheDocumentedOnes()
    {
        var options = new LipSyncOptions();
        Assert.Equal((16, 3, 20, 1.5, 1247ul, false), (options.NumFrames, options.CacheInterval, options.InferenceSteps, options.LipsExpression, options.Seed, options.Parity));
        Assert.Empty(options.Validate());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(18)]
    [InlineData(36)]
    [InlineData(-4)]
    public void NumFrames_OutsideItsSteps_IsAMistake(int value) =>
        Assert.Contains("--num-frames", Assert.Single(new LipSyncOptions { NumFrames = value }.Validate()), StringComparison.Ordinal);

    [Theory]
    [InlineData(0.9)]
    [InlineData(3.1)]
    [InlineData(double.NaN)]
    public void LipsExpression_OutOfRange_IsAMistake_WrittenWithAPoint(double value)
    {
        var mistake = Assert.Single(new LipSyncOptions { LipsExpression = value }.Validate());
        Assert.DoesNotContain(',', mistake);
    }

    [Fact]
    public void Validate_ReportsAllMistakesAtOnce() => Assert.Equal(
        6,
        new LipSyncOptions { NumFrames = 5, CacheInterval = 0, InferenceSteps = 1000, LipsExpression = 4, BridgeFrames = 26, Face = FaceChoice.FromLeft(1), Parity = true }.Validate().Count);
}

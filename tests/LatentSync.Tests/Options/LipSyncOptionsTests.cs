using LatentSync.FrontEnd.Words;

namespace LatentSync.Tests.Options;

public class LipSyncOptionsTests
{
    [Fact]
    public void Defaults_AreTheDocumentedOnes()
    {
        var options = new LipSyncOptions();
        Assert.Equal(
            (16, 3, 20, 1.5, 1247ul, Sampler.Ddim, 0, 1, false),
            (
                options.Sampling.NumFrames,
                options.Sampling.CacheInterval,
                options.Sampling.InferenceSteps,
                options.Sampling.LipsExpression,
                options.Sampling.Seed,
                options.Sampling.Sampler,
                options.Sampling.GuidanceFrom,
                options.Sampling.GuidanceTo,
                options.Parity
            )
        );
        Assert.Empty(options.Validate());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(18)]
    [InlineData(36)]
    [InlineData(-4)]
    public void NumFrames_OutsideItsSteps_IsAMistake(int value) =>
        Assert.Contains("--num-frames", Assert.Single(Mistakes(new LipSyncOptions { Sampling = new() { NumFrames = value } })), StringComparison.Ordinal);

    [Theory]
    [InlineData(0.9)]
    [InlineData(3.1)]
    [InlineData(double.NaN)]
    public void LipsExpression_OutOfRange_IsAMistake_WrittenWithAPoint(double value)
    {
        var mistake = Assert.Single(Mistakes(new LipSyncOptions { Sampling = new() { LipsExpression = value } }));
        Assert.DoesNotContain(',', mistake);
    }

    [Theory]
    [InlineData(-0.5, 0.0, -20.0, "--silent-padding is -0.5;")]
    [InlineData(60.5, 0.0, null, "--silent-padding is 60.5;")]
    [InlineData(double.NaN, 0.0, null, "--silent-padding is NaN;")]
    [InlineData(0.0, -1.5, null, "--audio-start is -1.5;")]
    [InlineData(0.0, 43200.5, null, "--audio-start is 43200.5;")]
    [InlineData(0.0, 0.0, 12.5, "--mix is 12.5;")]
    [InlineData(0.0, 0.0, double.NaN, "--mix is NaN;")]
    public void LengthsAndLevels_OutOfRange_AreMistakes_WrittenWithAPoint(double padding, double start, double? level, string expected) =>
        Assert.StartsWith(
            expected,
            Assert.Single(
                Mistakes(
                    new LipSyncFileOptions
                    {
                        Timing = new() { SilentPadding = padding },
                        AudioStart = start,
                        MixLevel = level,
                    }
                )
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void SilentPadding_WhereTheVideoDecides_IsAMistake() =>
        Assert.Contains(
            "--length video",
            Assert.Single(
                Mistakes(
                    new LipSyncOptions
                    {
                        Timing = new() { Length = LipSyncLength.Video, SilentPadding = 1 },
                    }
                )
            ),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(LipSyncLength.Video, LipSyncLoop.PingPong, 0)]
    [InlineData(LipSyncLength.Audio, LipSyncLoop.Freeze, 0)]
    [InlineData(LipSyncLength.Audio, LipSyncLoop.PingPong, 1)]
    public void Parity_HasTheReferencesLength(LipSyncLength length, LipSyncLoop loop, double padding) =>
        Assert.Contains(
            "--parity",
            Assert.Single(
                Mistakes(
                    new LipSyncOptions
                    {
                        Parity = true,
                        Timing = new()
                        {
                            Length = length,
                            Loop = loop,
                            SilentPadding = padding,
                        },
                    }
                )
            ),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(-0.1, 1.0, "--guidance-from is -0.1; it must be from 0 to 1.")]
    [InlineData(double.NaN, 1.0, "--guidance-from is NaN; it must be from 0 to 1.", "--guidance-to is 1; it must be above --guidance-from and at most 1.")]
    [InlineData(0.5, 0.5, "--guidance-to is 0.5; it must be above --guidance-from and at most 1.")]
    [InlineData(0.0, 1.1, "--guidance-to is 1.1; it must be above --guidance-from and at most 1.")]
    [InlineData(0.0, double.NaN, "--guidance-to is NaN; it must be above --guidance-from and at most 1.")]
    [InlineData(1.0, 1.0, "--guidance-to is 1; it must be above --guidance-from and at most 1.")]
    [InlineData(0.2, 0.8)]
    [InlineData(0.99, 1.0)]
    public void GuidanceBand_LiesWithinTheSteps(double from, double to, params string[] expected) =>
        Assert.Equal(
            expected,
            Mistakes(
                new LipSyncOptions
                {
                    Sampling = new() { GuidanceFrom = from, GuidanceTo = to },
                }
            )
        );

    [Fact]
    public void UnknownSampler_IsAMistake() =>
        Assert.Equal("--sampler is 9; use a value of Sampler.", Assert.Single(Mistakes(new LipSyncOptions { Sampling = new() { Sampler = (Sampler)9 } })));

    [Theory]
    [InlineData(Sampler.UniPc, 0.0, 1.0, "--parity samples with DDIM")]
    [InlineData(Sampler.Ddim, 0.0, 0.5, "--parity guides every step")]
    [InlineData(Sampler.Ddim, 0.5, 1.0, "--parity guides every step")]
    public void Parity_SamplesAsTheReference(Sampler sampler, double from, double to, string expected)
    {
        var sampling = new SamplingOptions
        {
            Sampler = sampler,
            GuidanceFrom = from,
            GuidanceTo = to,
        };
        Assert.Empty(Mistakes(new LipSyncOptions { Sampling = sampling }));
        Assert.StartsWith(expected, Assert.Single(Mistakes(new LipSyncOptions { Sampling = sampling, Parity = true })), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ReportsAllMistakesAtOnce() =>
        Assert.Equal(
            6,
            new LipSyncOptions
            {
                Sampling = new()
                {
                    NumFrames = 5,
                    CacheInterval = 0,
                    InferenceSteps = 1000,
                    LipsExpression = 4,
                },
                Faces = new() { BridgeFrames = 26, Face = FaceChoice.FromLeft(1) },
                Parity = true,
            }
                .Validate()
                .Count
        );

    private static IEnumerable<string> Mistakes(LipSyncOptions options) => options.Validate().Select(mistake => CommandWords.Say(mistake.Sentence));
}

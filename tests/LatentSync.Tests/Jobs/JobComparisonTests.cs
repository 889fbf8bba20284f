using LatentSync.Jobs;

namespace LatentSync.Tests.Jobs;

public class JobComparisonTests
{
    private const string Advice = "; rerun with the original options to resume, or start over with Restart.";

    [Fact]
    public void TheSameJob_MayGoOn() =>
        JobComparison.RequireSame(Job([("Seed", "5"), ("Fps", "25")], [("model", "1.6")]), Job([("Fps", "25"), ("Seed", "5")], [("model", "1.6")]));

    [Fact]
    public void AnotherValueOfAnOption_IsNamedWithBoth() =>
        AssertRefused("with Seed 5 instead of 7", Job([("Fps", "25"), ("Seed", "5")], []), Job([("Fps", "25"), ("Seed", "7")], []));

    [Fact]
    public void AnOptionThatIsMissingNow_IsNamed() => AssertRefused("with Seed 5", Job([("Seed", "5")], []), Job([], []));

    [Fact]
    public void AnOptionThatIsNew_IsNamed() => AssertRefused("without Seed", Job([], []), Job([("Seed", "5")], []));

    [Theory]
    [InlineData("1.5")]
    [InlineData(null)]
    public void AnotherFact_IsNamed(string? before) =>
        AssertRefused("with another model", Job([], before is null ? [] : [("model", before)]), Job([], [("model", "1.6")]));

    private static void AssertRefused(string difference, JobDescription known, JobDescription wanted)
    {
        var error = Assert.Throws<LipSyncException>(() => JobComparison.RequireSame(known, wanted));
        Assert.Equal((LipSyncErrorCode.InvalidOptions, "/new.mp4"), (error.Code, error.Path));
        Assert.Equal($"\"/new.mp4\" was started {difference}{Advice}", error.Message);
    }

    private static JobDescription Job((string Option, string Value)[] options, (string Fact, string Value)[] facts) =>
        new()
        {
            Output = "/new.mp4",
            Options = options.ToDictionary(pair => pair.Option, pair => pair.Value, StringComparer.Ordinal),
            Facts = facts.ToDictionary(pair => pair.Fact, pair => pair.Value, StringComparer.Ordinal),
            Inputs = new Dictionary<string, string>(StringComparer.Ordinal),
        };
}

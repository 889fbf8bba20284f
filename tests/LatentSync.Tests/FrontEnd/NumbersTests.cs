using LatentSync.Cli.Commands;
using LatentSync.FrontEnd.Options;

namespace LatentSync.Tests.FrontEnd;

public class NumbersTests
{
    [Theory]
    [InlineData("1.5", 1.5)]
    [InlineData("-20", -20.0)]
    [InlineData("1e3", 1000.0)]
    [InlineData("1,5", null)]
    [InlineData("NaN", null)]
    [InlineData("1e999", null)]
    [InlineData("", null)]
    [InlineData("abc", null)]
    public void Decimals_HaveAPointInAnyLanguage(string text, double? expected) =>
        Assert.Equal(expected, Numbers.TryParse(text, out var number) ? number : null);

    [Theory]
    [InlineData("--vram", "abc")]
    [InlineData("--vram", "6 x")]
    [InlineData("--vram", "6,-1")]
    [InlineData("--vram", "1e999")]
    public void Bench_SaysWhatABudgetIs(string option, string values)
    {
        var error = Assert.Single(new BenchCommand().Parse([option, .. values.Split(' ')]).Errors);
        Assert.Equal($"{option} is {values}; it must be GiB, separated by commas, such as 6,8.", error.Message);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("6,8")]
    [InlineData("6 8.5")]
    public void Bench_TakesBudgetsEitherWay(string values) => Assert.Empty(new BenchCommand().Parse(["--vram", .. values.Split(' ')]).Errors);

    [Theory]
    [InlineData("--memory-warnings", "0", "it must be GiB, separated by commas, such as 6,8.")]
    [InlineData("--memory-warnings", "6;8", "it must be GiB, separated by commas, such as 6,8.")]
    [InlineData("--vram", "0", "it must be auto, low, medium, high or a number of GiB such as 6.")]
    [InlineData("--vram", "NaN", "it must be auto, low, medium, high or a number of GiB such as 6.")]
    public void Sync_SaysWhatMemoryIs(string option, string value, string expected)
    {
        var errors = new SyncCommand().Parse(["--video", "a.mp4", "--audio", "a.wav", "--out", "b.mp4", option, value]).Errors;
        Assert.Equal($"{option} is {value}; {expected}", Assert.Single(errors).Message);
    }
}

using System.Text;
using LatentSync.Media;
using LatentSync.TestKit;

namespace LatentSync.Tests.Media;

public class ToolTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string ProgramFile => OperatingSystem.IsWindows() ? "ffmpeg.exe" : "ffmpeg";

    [Fact]
    public void NamedFolder_ComesBeforePath()
    {
        using var named = new TemporaryFolder();
        using var onPath = new TemporaryFolder();
        File.WriteAllText(named.File(ProgramFile), "");
        File.WriteAllText(onPath.File(ProgramFile), "");
        Assert.Equal(named.File(ProgramFile), new FfmpegLocator(named.Path, onPath.Path).Find("ffmpeg"));
        Assert.Equal(onPath.File(ProgramFile), new FfmpegLocator(null, $"{named.Path}x{Path.PathSeparator}{onPath.Path}").Find("ffmpeg"));
    }

    [Fact]
    public void NotThere_SaysHowToInstall()
    {
        using var folder = new TemporaryFolder();
        var onPath = Assert.Throws<LipSyncException>(() => new FfmpegLocator(null, $"relative{Path.PathSeparator}{folder.Path}").Find("ffprobe"));
        Assert.Equal(LipSyncErrorCode.MissingDependency, onPath.Code);
        Assert.Contains("install ffmpeg", onPath.Message, StringComparison.Ordinal);
        var named = Assert.Throws<LipSyncException>(() => new FfmpegLocator(folder.Path, null).Find("ffprobe"));
        Assert.Contains($"LATENTSYNC_FFMPEG names the folder \"{folder.Path}\"", named.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version()
    {
        var process = new FakeProcess { Answer = Encoding.UTF8.GetBytes("ffmpeg version 7.1.2-0+deb13u1 Copyright (c) 2000-2025\nbuilt with") };
        Assert.Equal("7.1.2-0+deb13u1", await new FakeLauncher(process).Tools.GetVersionAsync(Token));
        var other = new FakeLauncher(new FakeProcess { Answer = Encoding.UTF8.GetBytes("hello") });
        Assert.Equal(LipSyncErrorCode.MediaToolFailed, (await Assert.ThrowsAsync<LipSyncException>(() => other.Tools.GetVersionAsync(Token))).Code);
    }

    [Theory]
    [InlineData("x.mp4: Invalid data found when processing input", 1, LipSyncErrorCode.InvalidInput, "not a media file")]
    [InlineData("[hls @ 0x1] Format not on whitelist 'mov'", 1, LipSyncErrorCode.InvalidInput, "is a playlist")]
    [InlineData("", 139, LipSyncErrorCode.MediaToolFailed, "while reading")]
    public async Task ProbeFails(string lastWords, int exitCode, LipSyncErrorCode code, string words)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("a.mp4"), "x", Token);
        var launcher = new FakeLauncher(new FakeProcess { ExitCode = exitCode, LastWords = lastWords });
        var exception = await Assert.ThrowsAsync<LipSyncException>(() => MediaProbe.ProbeAsync(launcher.Tools, folder.File("a.mp4"), Token));
        Assert.Equal((code, lastWords), (exception.Code, exception.Detail));
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData((16 << 20) + 1)]
    public async Task ProbeAnswersNonsense(int length)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("a.mp4"), "x", Token);
        var launcher = new FakeLauncher(new FakeProcess { Answer = new byte[length] });
        var exception = await Assert.ThrowsAsync<LipSyncException>(() => MediaProbe.ProbeAsync(launcher.Tools, folder.File("a.mp4"), Token));
        Assert.Equal(LipSyncErrorCode.MediaToolFailed, exception.Code);
    }

    [Fact]
    public void Tail_KeepsTheLastTwentyLines()
    {
        var tail = new OutputTail();
        for (var i = 0; i < 100; i++)
        {
            tail.Append($"li");
            tail.Append(FormattableString.Invariant($"ne {i}\r\n"));
        }

        tail.Append(new string('x', 10_000));
        var lines = tail.ToString().Split('\n');
        Assert.Equal(21, lines.Length);
        Assert.Equal("line 80", lines[0]);
        Assert.Equal(400, lines[^1].Length);
    }

    [Theory]
    [InlineData("30000/1001", 30000, 1001)]
    [InlineData("50/2", 25, 1)]
    [InlineData("16:15", 16, 15)]
    public void Rational_Parses(string text, int numerator, int denominator) => Assert.Equal(new Rational(numerator, denominator), Rational.Parse(text));

    [Theory]
    [InlineData("0/0")]
    [InlineData("25")]
    [InlineData("-1/2")]
    [InlineData("1/99999999999")]
    [InlineData("/")]
    [InlineData(null)]
    public void Rational_RefusesOthers(string? text) => Assert.Null(Rational.Parse(text));

    [Theory]
    [InlineData(null, 1279, 719, "bt601")]
    [InlineData(null, 1280, 719, "bt709")]
    [InlineData(null, 640, 720, "bt709")]
    [InlineData("smpte170m", 1920, 1080, "bt601")]
    [InlineData("bt2020nc", 640, 480, "bt2020")]
    public void UntaggedMatrix_IsGuessedFromTheSize(string? matrix, int width, int height, string expected) =>
        Assert.Equal(new ColorConversion(expected, "tv"), ColorConversion.For(ColorTags.None with { Matrix = matrix }, width, height));
}

using System.Text;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Formats;
using LatentSync.Media.Probe;
using LatentSync.TestKit;

namespace LatentSync.Tests.Media;

public class ToolTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static MediaTools Tools(string version) =>
        new FakeLauncher(
            new FakeProcess { Answer = Encoding.UTF8.GetBytes($"ffmpeg version {version} Copyright (c) 2000-2025 the FFmpeg developers\n") }
        ).Tools;

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
    [InlineData("4.4.2-0ubuntu0.22.04.1")]
    [InlineData("5.0.3")]
    [InlineData("n4.4.4")]
    [InlineData("0.8.17-4:0.8.17-0ubuntu0.12.04.2")]
    public async Task AnOldVersion_IsRefused(string version)
    {
        var error = await Assert.ThrowsAsync<LipSyncException>(() => Tools(version).RequireVersionAsync(Token));
        Assert.Equal((LipSyncErrorCode.MissingDependency, "/bin/ffmpeg"), (error.Code, error.Path));
        Assert.Equal(
            $"\"/bin/ffmpeg\" is ffmpeg {version}, which is too old; install 5.1 or newer, or set LATENTSYNC_FFMPEG to the folder of one.",
            error.Message
        );
    }

    [Theory]
    [InlineData("5.1")]
    [InlineData("5.1.6-0+deb12u1")]
    [InlineData("7.1.2-0+deb13u1")]
    [InlineData("10.0")]
    [InlineData("n7.0.1")]
    [InlineData("n5.1-dev-2317-gd1d0ce8ad9")]
    [InlineData("7.1-essentials_build-www.gyan.dev")]
    [InlineData("N-109542-g0a9ba5b3ef")]
    [InlineData("N-12345-gabc4.4")]
    [InlineData("2024-07-10-git-1a86a7a48d-full_build-www.gyan.dev")]
    [InlineData("git-2022-08-01-abcdef0")]
    [InlineData("99999999999.1")]
    public async Task ANewVersion_AndABuildFromGit_Pass(string version) => Assert.Equal(version, await Tools(version).RequireVersionAsync(Token));

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

using System.Diagnostics;
using System.Text;
using LatentSync.Imaging;
using LatentSync.Media.Formats;
using LatentSync.Media.Read;
using LatentSync.TestKit;

namespace LatentSync.Tests.Media.Read;

/// <summary>The reader against programs that misbehave. Frames are 4x2 pixels, 24 bytes.</summary>
public sealed class VideoReaderTests : IDisposable
{
    private static readonly VideoStreamInfo Info = new()
    {
        Index = 0,
        Codec = "h264",
        Width = 4,
        Height = 2,
        HasKeyFrameIndex = true,
    };

    private readonly TemporaryFolder _folder = new();

    private readonly RgbImage _image = new(4, 2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(25)]
    public async Task PiecesOfAnyLength_MakeWholeFrames(int pieceLength)
    {
        var answer = Enumerable.Range(0, 72).Select(i => (byte)i).ToArray();
        await using var reader = await OpenAsync(new FakeProcess { Answer = answer, PieceLength = pieceLength });
        for (var frame = 0; frame < 3; frame++)
        {
            Assert.True(await reader.ReadAsync(_image, Token));
            Assert.Equal(answer[(frame * 24)..((frame + 1) * 24)], _image.Pixels);
        }

        Assert.False(await reader.ReadAsync(_image, Token));
        Assert.False(await reader.ReadAsync(_image, Token));
        Assert.Equal(3, reader.FramesRead);
    }

    [Theory]
    [InlineData(30, 0, "ended too early")]
    [InlineData(24, 1, "failed (exit code 1)")]
    [InlineData(30, 137, "killed (signal 9)")]
    [InlineData(0, 1, "failed (exit code 1)")]
    public async Task EndsWrongly_IsAnErrorWithItsLastWords(int bytes, int exitCode, string words)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && exitCode > 128, "Windows has no signals.");
        await using var reader = await OpenAsync(
            new FakeProcess
            {
                Answer = new byte[bytes],
                ExitCode = exitCode,
                LastWords = "something broke",
            }
        );
        var exception = await Assert.ThrowsAsync<LipSyncException>(async () =>
        {
            while (await reader.ReadAsync(_image, Token)) { }
        });
        Assert.Equal(LipSyncErrorCode.MediaToolFailed, exception.Code);
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
        Assert.Equal("something broke", exception.Detail);
    }

    [Fact]
    public async Task NoFrameAtAll_IsAnError()
    {
        await using var reader = await OpenAsync(new FakeProcess());
        var exception = await Assert.ThrowsAsync<LipSyncException>(async () => await reader.ReadAsync(_image, Token));
        Assert.Equal(LipSyncErrorCode.InvalidInput, exception.Code);
    }

    [Fact]
    public async Task Blocks_CancelEndsItAtOnce()
    {
        var process = new FakeProcess { Answer = new byte[24], Blocks = true };
        await using var reader = await OpenAsync(process);
        Assert.True(await reader.ReadAsync(_image, Token));
        using var source = new CancellationTokenSource(50);
        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reader.ReadAsync(_image, source.Token));
        Assert.True(process.WasKilled);
        Assert.InRange(watch.ElapsedMilliseconds, 0, 1000);
    }

    [Fact]
    public async Task Disposed_KillsTheProgram()
    {
        var process = new FakeProcess { Answer = new byte[240], Blocks = true };
        await using (var reader = await OpenAsync(process))
        {
            Assert.True(await reader.ReadAsync(_image, Token));
        }

        Assert.True(process.WasDisposed);
    }

    [Fact]
    public async Task WrongImageSize_IsRefused()
    {
        await using var reader = await OpenAsync(new FakeProcess { Answer = new byte[24] });
        await Assert.ThrowsAsync<ArgumentException>(async () => await reader.ReadAsync(new RgbImage(2, 4), Token));
    }

    /// <summary>The first seek lands behind the wanted frame at 40 s, the second, with a wider margin, before it.</summary>
    [Theory]
    [InlineData("520000", "500000", "36")]
    [InlineData("512000", "0", "39")]
    public async Task Seek_WidensItsMarginUntilItLandsBefore(string firstLanding, string secondLanding, string expectedSeek)
    {
        var launcher = new FakeLauncher(Landing(firstLanding), Landing(secondLanding), new FakeProcess());
        await using var reader = await OpenAsync(launcher, new VideoReadOptions { StartFrame = 1000 });
        var command = launcher.Calls[^1];
        Assert.Equal(expectedSeek, command[command.ToList().IndexOf("-ss") + 1]);
    }

    [Fact]
    public async Task Seek_ThatNeverLandsBefore_IsNotUsed()
    {
        var launcher = new FakeLauncher([.. Enumerable.Range(0, 4).Select(_ => Landing("520000"))]);
        await using var reader = await OpenAsync(launcher, new VideoReadOptions { StartFrame = 1000 });
        Assert.Equal(4, launcher.Calls.Count);
        Assert.DoesNotContain("-ss", launcher.Calls[^1]);
    }

    private static FakeProcess Landing(string pts) =>
        new() { Answer = Encoding.ASCII.GetBytes($"#software: x\n#tb 0: 1/12800\n#dimensions 0: 4x2\n0,    -1024, {pts},      512,    84006, 0xeb609dce\n") };

    private Task<VideoReader> OpenAsync(FakeProcess process) => OpenAsync(new FakeLauncher(process), new VideoReadOptions());

    private async Task<VideoReader> OpenAsync(FakeLauncher launcher, VideoReadOptions options)
    {
        var path = _folder.File("a.mp4");
        await File.WriteAllTextAsync(path, "x", Token);
        return await VideoReader.OpenAsync(launcher.Tools, path, Info, options, Token);
    }
}

using LatentSync.Imaging;
using LatentSync.Media.Write;
using LatentSync.TestKit;
using LatentSync.Timeline;

namespace LatentSync.Tests.Media.Write;

/// <summary>The writer against programs that misbehave.</summary>
public sealed class VideoWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Completed_MovesIntoPlace()
    {
        var process = new FakeProcess();
        await using (var writer = await VideoWriter.CreateAsync(new FakeLauncher(process).Tools, Options, Token))
        {
            await writer.WriteAsync(new RgbImage(4, 2, [.. Enumerable.Range(0, 24).Select(i => (byte)i)]), Token);
            await writer.CompleteAsync(Token);
        }

        var sent = process.Received.ToArray();
        Assert.Equal(MatroskaFrames.Header(4, 2, 25).Length + MatroskaFrames.FrameHeaderLength + 24, sent.Length);
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (byte)i), sent[^24..]);
        Assert.Equal([Options.Path], Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData("av_interleaved_write_frame(): No space left on device", 1, LipSyncErrorCode.OutputFailed, "disk is full")]
    [InlineData("Error writing trailer: No space left on device", 0, LipSyncErrorCode.OutputFailed, "disk is full")]
    [InlineData("Error writing: File too large", 1, LipSyncErrorCode.OutputFailed, "larger than")]
    [InlineData("x: Permission denied", 1, LipSyncErrorCode.OutputFailed, "may not be written")]
    [InlineData("x: Input/output error", 1, LipSyncErrorCode.OutputFailed, "disk failed")]
    [InlineData("Unknown encoder 'libx264'", 1, LipSyncErrorCode.MissingDependency, "libx264")]
    [InlineData("", 139, LipSyncErrorCode.MediaToolFailed, "while writing")]
    public async Task FailsAtTheEnd_LeavesNothing(string lastWords, int exitCode, LipSyncErrorCode code, string words)
    {
        var launcher = new FakeLauncher(new FakeProcess { ExitCode = exitCode, LastWords = lastWords });
        await using (var writer = await VideoWriter.CreateAsync(launcher.Tools, Options, Token))
        {
            await writer.WriteAsync(new RgbImage(4, 2), Token);
            var exception = await Assert.ThrowsAsync<LipSyncException>(() => writer.CompleteAsync(Token));
            Assert.Equal(code, exception.Code);
            Assert.Contains(words, exception.Message, StringComparison.Ordinal);
            Assert.Equal(lastWords, exception.Detail);
        }

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task BrokenPipe_IsExplainedByTheLastWords()
    {
        var launcher = new FakeLauncher(
            new FakeProcess
            {
                RefusesInput = true,
                ExitCode = 1,
                LastWords = "No space left on device",
            }
        );
        await using var writer = await VideoWriter.CreateAsync(launcher.Tools, Options, Token);
        var exception = await Assert.ThrowsAsync<LipSyncException>(async () => await writer.WriteAsync(new RgbImage(4, 2), Token));
        Assert.Equal(LipSyncErrorCode.OutputFailed, exception.Code);
    }

    [Fact]
    public async Task WithoutFrames_IsRefused()
    {
        await using var writer = await VideoWriter.CreateAsync(new FakeLauncher(new FakeProcess()).Tools, Options, Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.CompleteAsync(Token));
    }

    [Fact]
    public async Task WrongFrameSize_IsRefused()
    {
        await using var writer = await VideoWriter.CreateAsync(new FakeLauncher(new FakeProcess()).Tools, Options, Token);
        await Assert.ThrowsAsync<ArgumentException>(async () => await writer.WriteAsync(new RgbImage(2, 4), Token));
    }

    [Fact]
    public async Task LongName_StillFitsBesideItsPartial()
    {
        var name = new string('x', 250) + ".mp4";
        await using (var writer = await VideoWriter.CreateAsync(new FakeLauncher(new FakeProcess()).Tools, Options with { Path = _folder.File(name) }, Token))
        {
            await writer.WriteAsync(new RgbImage(4, 2), Token);
            await writer.CompleteAsync(Token);
        }

        Assert.True(File.Exists(_folder.File(name)));
    }

    private VideoWriteOptions Options =>
        new()
        {
            Path = _folder.File("a.mp4"),
            Width = 4,
            Height = 2,
            Clock = FrameClock.Model,
        };
}

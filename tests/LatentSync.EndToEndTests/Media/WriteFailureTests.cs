using LatentSync.Imaging;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Probe;
using LatentSync.Media.Write;
using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Media;

/// <summary>A result that cannot be written is one clear sentence, and nothing is left behind.</summary>
public class WriteFailureTests
{
    [Theory]
    [InlineData("a.avi", LipSyncErrorCode.InvalidOptions, ".mp4, .mov, .mkv")]
    [InlineData("no folder/a.mp4", LipSyncErrorCode.OutputFailed, "folder does not exist")]
    [InlineData("folder.mp4", LipSyncErrorCode.OutputFailed, "is a folder")]
    [InlineData("there.mp4", LipSyncErrorCode.OutputFailed, "exists already")]
    [InlineData("input.mp4", LipSyncErrorCode.InvalidOptions, "both an input and the output")]
    [InlineData("link.mp4", LipSyncErrorCode.InvalidOptions, "both an input and the output")]
    public async Task Refused(string name, LipSyncErrorCode code, string words)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("folder.mp4"));
        await File.WriteAllTextAsync(folder.File("there.mp4"), "x", TestMedia.Token);
        await File.WriteAllTextAsync(folder.File("input.mp4"), "x", TestMedia.Token);
        File.CreateSymbolicLink(folder.File("link.mp4"), folder.File("input.mp4"));
        var before = Directory.GetFileSystemEntries(folder.Path).Order(StringComparer.Ordinal).ToArray();
        var options = WriteTests.Options(folder.File(name), 64, 48) with { InputPaths = [folder.File("input.mp4")] };
        var exception = await Assert.ThrowsAsync<LipSyncException>(() => VideoWriter.CreateAsync(options, TestMedia.Token));
        Assert.Equal(code, exception.Code);
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
        Assert.Contains($"\"{options.Path}\"", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(folder.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task UnwritableFolder()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "Linux has a folder in which nobody can create files.");
        var options = WriteTests.Options("/proc/self/a.mp4", 64, 48);
        var exception = await Assert.ThrowsAsync<LipSyncException>(() => VideoWriter.CreateAsync(options, TestMedia.Token));
        Assert.Equal(LipSyncErrorCode.OutputFailed, exception.Code);
        Assert.Contains("cannot be written", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AppearsMeanwhile_IsNotReplaced()
    {
        using var folder = new TemporaryFolder();
        var options = WriteTests.Options(folder.File("a.mp4"), 64, 48);
        await using (var writer = await VideoWriter.CreateAsync(options, TestMedia.Token))
        {
            await writer.WriteAsync(TestMedia.Picture(64, 48, 0), TestMedia.Token);
            await File.WriteAllTextAsync(options.Path, "mine", TestMedia.Token);
            var exception = await Assert.ThrowsAsync<LipSyncException>(() => writer.CompleteAsync(TestMedia.Token));
            Assert.Contains("exists already", exception.Message, StringComparison.Ordinal);
        }

        Assert.Equal([options.Path], Directory.GetFiles(folder.Path));
        Assert.Equal("mine", await File.ReadAllTextAsync(options.Path, TestMedia.Token));
    }

    [Fact]
    public async Task Overwrite_ReplacesAtTheEndOnly()
    {
        using var folder = new TemporaryFolder();
        var options = WriteTests.Options(folder.File("a.mp4"), 64, 48) with { Overwrite = true };
        await File.WriteAllTextAsync(options.Path, "old", TestMedia.Token);
        await using (var writer = await VideoWriter.CreateAsync(options, TestMedia.Token))
        {
            await writer.WriteAsync(TestMedia.Picture(64, 48, 0), TestMedia.Token);
            Assert.Equal("old", await File.ReadAllTextAsync(options.Path, TestMedia.Token));
            await writer.CompleteAsync(TestMedia.Token);
        }

        Assert.Equal(64, (await MediaProbe.ProbeAsync(options.Path, TestMedia.Token)).RequireVideo().Width);
    }

    [Fact]
    public async Task GivenUp_LeavesNothing()
    {
        using var folder = new TemporaryFolder();
        await using (var writer = await VideoWriter.CreateAsync(WriteTests.Options(folder.File("a.mp4"), 64, 48), TestMedia.Token))
        {
            await writer.WriteAsync(TestMedia.Picture(64, 48, 0), TestMedia.Token);
            Assert.Single(Directory.GetFiles(folder.Path));
        }

        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Cancelled_LeavesNothing()
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        await using (var writer = await VideoWriter.CreateAsync(WriteTests.Options(folder.File("a.mp4"), 640, 480), TestMedia.Token))
        {
            await writer.WriteAsync(TestMedia.Picture(640, 480, 0), source.Token);
            await source.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await writer.WriteAsync(TestMedia.Picture(640, 480, 1), source.Token));
        }

        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task EncoderKilled_IsAnError()
    {
        using var folder = new TemporaryFolder();
        var launcher = new RecordingLauncher();
        var options = WriteTests.Options(folder.File("a.mp4"), 640, 480);
        await using (var writer = await VideoWriter.CreateAsync(TestMedia.Tools with { Launcher = launcher }, options, TestMedia.Token))
        {
            var frame = TestMedia.Picture(640, 480, 0);
            await writer.WriteAsync(frame, TestMedia.Token);
            launcher.Last.Kill();
            var exception = await Assert.ThrowsAsync<LipSyncException>(() => WriteManyAsync(writer, frame));
            Assert.Equal(LipSyncErrorCode.MediaToolFailed, exception.Code);
        }

        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    /// <summary>A disk of 300 KB in memory, which needs the rights to mount one.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FullDisk(bool withSound)
    {
        using var folder = new TemporaryFolder();
        var disk = Directory.CreateDirectory(folder.File("disk")).FullName;
        var sound = await TestMedia.MakeAsync(folder.File("s.wav"), "-f lavfi -i sine=d=5");
        var mounted = OperatingSystem.IsLinux() && await RunAsync("mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", disk) == 0;
        Assert.SkipUnless(mounted, "This user may not mount a file system.");
        try
        {
            // With sound the pictures fit, and the disk fills up when both are put together.
            var options = WriteTests.Options(Path.Combine(disk, "a.mp4"), 320, 240) with { SoundPath = withSound ? sound : null };
            await using (var writer = await VideoWriter.CreateAsync(options, TestMedia.Token))
            {
                var exception = await Assert.ThrowsAsync<LipSyncException>(() => withSound ? WriteNoiseAsync(writer, 20) : WriteNoiseAsync(writer, 100));
                Assert.Equal(LipSyncErrorCode.OutputFailed, exception.Code);
                Assert.Contains("disk is full", exception.Message, StringComparison.Ordinal);
                Assert.Contains("No space left", exception.Detail, StringComparison.Ordinal);
            }

            Assert.Empty(Directory.GetFileSystemEntries(disk));
        }
        finally
        {
            Assert.Equal(0, await RunAsync("umount", disk));
        }
    }

    private static async Task WriteManyAsync(VideoWriter writer, RgbImage frame)
    {
        for (var i = 0; i < 100; i++)
        {
            await writer.WriteAsync(frame, TestMedia.Token);
        }

        await writer.CompleteAsync(TestMedia.Token);
    }

    private static async Task WriteNoiseAsync(VideoWriter writer, int frames)
    {
        var random = new Random(1);
        var frame = new RgbImage(320, 240);
        for (var i = 0; i < frames; i++)
        {
            // Noise over a part of the picture: about 8 KB a frame.
            random.NextBytes(frame.Pixels.AsSpan(0, 30000));
            await writer.WriteAsync(frame, TestMedia.Token);
        }

        await writer.CompleteAsync(TestMedia.Token);
    }

    private static async Task<int> RunAsync(string program, params string[] arguments) =>
        (await ToolRun.RunAsync(new ProcessLauncher(), program, arguments, 1000, CancellationToken.None)).ExitCode;
}

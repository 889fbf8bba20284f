using LatentSync.Imaging;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Media;

/// <summary>Pictures come out upright, of the right size, at the right times and in the right colours.</summary>
public class ReadTests
{
    [Theory]
    [InlineData(90)]
    [InlineData(180)]
    [InlineData(270)]
    public async Task Rotated_ComesOutUpright(int clockwise)
    {
        using var folder = new TemporaryFolder();
        const string still = "-f lavfi -i testsrc2=s=96x64:r=25:d=0.2 -pix_fmt yuv444p -qp 0";
        var path = await TestMedia.MakeAsync(folder.File("a.mp4"), still);
        var plain = (await TestMedia.ReadFramesAsync(path, new VideoReadOptions()))[0];
        TestMedia.SetRotation(path, clockwise);

        var video = (await MediaProbe.ProbeAsync(path, TestMedia.Token)).RequireVideo();
        Assert.Equal(clockwise, video.Rotation);
        Assert.Equal((96, 64), (video.Width, video.Height));
        Assert.Equal(clockwise == 180 ? (96, 64) : (64, 96), (video.DisplayWidth, video.DisplayHeight));

        var turned = (await TestMedia.ReadFramesAsync(path, new VideoReadOptions()))[0];
        Assert.Equal(Turn(new RgbImage(96, 64, plain), clockwise).Pixels, turned);
    }

    /// <summary>YCbCr to RGB as the standards write it, against the reader.</summary>
    [Theory]
    [InlineData("bt709", "tv", 0.2126, 0.0722)]
    [InlineData("bt709", "pc", 0.2126, 0.0722)]
    [InlineData("smpte170m", "tv", 0.299, 0.114)]
    [InlineData("bt470bg", "pc", 0.299, 0.114)]
    [InlineData("bt2020nc", "tv", 0.2627, 0.0593)]
    [InlineData(null, null, 0.299, 0.114)]
    public async Task Colors_FollowTheTags(string? matrix, string? range, double red, double blue)
    {
        using var folder = new TemporaryFolder();
        const int width = 64;
        const int height = 48;
        byte[] color = [120, 90, 160];
        var raw = folder.File("a.yuv");
        await File.WriteAllBytesAsync(raw, [.. color.SelectMany(value => Enumerable.Repeat(value, width * height))], TestMedia.Token);
        var tags = (matrix is null ? "" : $"-colorspace {matrix} ") + (range is null ? "" : $"-color_range {range} ");
        var path = folder.File("a.mp4");
        string[] arguments =
        [
            "-v",
            "error",
            "-y",
            "-f",
            "rawvideo",
            "-pix_fmt",
            "yuv444p",
            "-video_size",
            "64x48",
            .. Split(tags),
            "-i",
            "file:" + raw,
            "-c:v",
            "libx264",
            "-qp",
            "0",
            .. Split(tags),
            "file:" + path,
        ];
        var made = await ToolRun.RunAsync(TestMedia.Tools.Launcher, TestMedia.Tools.FfmpegPath, arguments, 1000, TestMedia.Token);
        Assert.True(made.ExitCode == 0, made.LastWords);

        var info = (await MediaProbe.ProbeAsync(path, TestMedia.Token)).RequireVideo();
        Assert.Equal(matrix, info.Color.Matrix);
        var pixels = (await TestMedia.ReadFramesAsync(path, new VideoReadOptions()))[0];

        var full = range == "pc";
        var y = full ? color[0] / 255.0 : (color[0] - 16) / 219.0;
        var cb = (color[1] - 128) / (full ? 255.0 : 224.0);
        var cr = (color[2] - 128) / (full ? 255.0 : 224.0);
        var r = y + (2 * (1 - red) * cr);
        var b = y + (2 * (1 - blue) * cb);
        var g = (y - (red * r) - (blue * b)) / (1 - red - blue);
        foreach (var (value, expected) in pixels.Take(3).Zip([r, g, b]))
        {
            Assert.InRange(value, (255 * expected) - 1, (255 * expected) + 1);
        }
    }

    [Fact]
    public async Task FrameRateGrid_TakesTheFrameOfThatTime()
    {
        using var folder = new TemporaryFolder();
        var path = await TestMedia.MakeAsync(folder.File("a.mp4"), "-f lavfi -i testsrc2=s=96x64:r=50:d=2 -pix_fmt yuv420p -qp 0");
        var source = await TestMedia.HashFramesAsync(path, new VideoReadOptions { FrameRate = null });
        var grid = await TestMedia.HashFramesAsync(path, new VideoReadOptions());
        Assert.Equal(100, source.Count);
        Assert.Equal(50, grid.Count);

        // Frame 2i of a 50 fps video is shown exactly at time i / 25.
        Assert.All(Enumerable.Range(1, 49), i => Assert.Equal(source[2 * i], grid[i]));
    }

    /// <summary>The pictures begin half a second after the sound; the first one fills the gap, so that lips and sound agree.</summary>
    [Fact]
    public async Task LateStart_IsFilledWithTheFirstFrame()
    {
        using var folder = new TemporaryFolder();
        var path = await TestMedia.MakeAsync(
            folder.File("a.mkv"),
            "-f lavfi -i sine=d=2 -itsoffset 0.48 -f lavfi -i testsrc2=s=96x64:r=25:d=1 -map 0 -map 1 -c:a pcm_s16le -c:v libx264 -pix_fmt yuv420p"
        );
        var frames = await TestMedia.HashFramesAsync(path, new VideoReadOptions());
        Assert.Equal(37, frames.Count);
        Assert.Single(frames[..13].Distinct(StringComparer.Ordinal));
        Assert.NotEqual(frames[12], frames[13]);
    }

    [Fact]
    public async Task SizeChangesMidway_KeepsTheFirstSize()
    {
        using var folder = new TemporaryFolder();
        var small = await TestMedia.MakeAsync(folder.File("a.h264"), "-f lavfi -i color=red:s=64x64:r=25:d=1 -pix_fmt yuv420p -c:v libx264 -bf 0");
        var large = await TestMedia.MakeAsync(folder.File("b.h264"), "-f lavfi -i color=blue:s=128x96:r=25:d=1 -pix_fmt yuv420p -c:v libx264 -bf 0");
        var path = folder.File("c.h264");
        await File.WriteAllBytesAsync(
            path,
            [.. await File.ReadAllBytesAsync(small, TestMedia.Token), .. await File.ReadAllBytesAsync(large, TestMedia.Token)],
            TestMedia.Token
        );
        var frames = await TestMedia.ReadFramesAsync(path, new VideoReadOptions { FrameRate = null });
        Assert.InRange(frames.Count, 49, 50);
        Assert.True(frames[0][0] > 200 && frames[0][2] < 50);
        Assert.True(frames[^1][0] < 50 && frames[^1][2] > 200);
    }

    [Fact]
    public async Task EightByEight_IsReadLikeAnyOther()
    {
        using var folder = new TemporaryFolder();
        var path = await TestMedia.MakeAsync(folder.File("a.mp4"), "-f lavfi -i testsrc2=s=8x8:r=25:d=1 -pix_fmt yuv420p");
        Assert.Equal(25, (await TestMedia.ReadFramesAsync(path, new VideoReadOptions())).Count);
    }

    [Theory]
    [InlineData("-leading dash.mp4")]
    [InlineData("a:b 100%d %03d.mp4")]
    [InlineData("\"double\" 'single' $HOME `x` ;&|.mp4")]
    [InlineData("唇 ü é 👄.mp4")]
    public async Task AwkwardNames_AreNames(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && name.AsSpan().ContainsAny("\":|"), "Windows has no such names.");
        using var folder = new TemporaryFolder();
        var path = await TestMedia.MakeAsync(folder.File(name), "-f lavfi -i testsrc2=s=64x48:r=25:d=0.4 -f lavfi -i sine=d=0.4 -pix_fmt yuv420p");
        Assert.Equal(10, (await TestMedia.ReadFramesAsync(path, new VideoReadOptions())).Count);
        Assert.NotEmpty(await AudioReader.ReadMonoAsync(path, TestMedia.Token));
    }

    [Fact]
    public async Task KilledInTheMiddle_IsAnError()
    {
        using var folder = new TemporaryFolder();
        var path = await TestMedia.MakeAsync(folder.File("a.mp4"), "-f lavfi -i testsrc2=s=640x480:r=25:d=4 -pix_fmt yuv420p -preset ultrafast");
        var launcher = new RecordingLauncher();
        var tools = TestMedia.Tools with { Launcher = launcher };
        var video = (await MediaProbe.ProbeAsync(tools, path, TestMedia.Token)).RequireVideo();
        await using var reader = await VideoReader.OpenAsync(tools, path, video, new VideoReadOptions(), TestMedia.Token);
        var image = new RgbImage(640, 480);
        Assert.True(await reader.ReadAsync(image, TestMedia.Token));
        launcher.Last.Kill();
        var exception = await Assert.ThrowsAsync<LipSyncException>(async () =>
        {
            while (await reader.ReadAsync(image, TestMedia.Token)) { }
        });
        Assert.Equal(LipSyncErrorCode.MediaToolFailed, exception.Code);
        Assert.Contains("killed (signal 9)", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelled_EndsAtOnce()
    {
        using var folder = new TemporaryFolder();
        var path = await TestMedia.MakeAsync(folder.File("a.mp4"), "-f lavfi -i testsrc2=s=640x480:r=25:d=4 -pix_fmt yuv420p -preset ultrafast");
        await using var reader = await TestMedia.OpenAsync(path, new VideoReadOptions());
        using var source = new CancellationTokenSource();
        var image = new RgbImage(640, 480);
        Assert.True(await reader.ReadAsync(image, source.Token));
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reader.ReadAsync(image, source.Token));
    }

    [Fact]
    public async Task DamagedFile_IsReadAndComplainedAbout()
    {
        using var folder = new TemporaryFolder();
        var path = await TestMedia.MakeAsync(folder.File("a.mkv"), "-f lavfi -i testsrc2=s=320x240:r=25:d=4 -pix_fmt yuv420p");
        var bytes = await File.ReadAllBytesAsync(path, TestMedia.Token);
        new Random(1).NextBytes(bytes.AsSpan(bytes.Length / 2, 4000));
        await File.WriteAllBytesAsync(path, bytes, TestMedia.Token);
        await using var reader = await TestMedia.OpenAsync(path, new VideoReadOptions());
        var image = new RgbImage(320, 240);
        while (await reader.ReadAsync(image, TestMedia.Token)) { }

        Assert.InRange(reader.FramesRead, 50, 101);
        Assert.NotEmpty(reader.Complaints);
    }

    private static string[] Split(string arguments) => arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static RgbImage Turn(RgbImage image, int clockwise)
    {
        for (; clockwise > 0; clockwise -= 90)
        {
            var turned = new RgbImage(image.Height, image.Width);
            for (var y = 0; y < image.Height; y++)
            {
                for (var x = 0; x < image.Width; x++)
                {
                    image.Row(y).Slice(x * 3, 3).CopyTo(turned.Row(x)[((image.Height - 1 - y) * 3)..]);
                }
            }

            image = turned;
        }

        return image;
    }
}

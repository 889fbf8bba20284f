using LatentSync.Media.Read;
using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Media;

/// <summary>Reading from the middle must give the frames that reading from the start and skipping gives.</summary>
public class SeekTests
{
    [Theory(Explicit = true)]
    [MemberData(nameof(TestMedia.Talks), MemberType = typeof(TestMedia))]
    public async Task Hevc_TheTalkingPerson(string name)
    {
        using var folder = new TemporaryFolder();
        await AssertSameFromAsync(await TestMedia.TalkAsync(folder, name), 250, 60, 201, 249);
    }

    [Theory]
    [InlineData("mp4", "-c:v libx265 -x265-params bframes=4:keyint=60:log-level=none")]
    [InlineData("mp4", "-c:v libx264 -bf 3 -g 1000")]
    [InlineData("mkv", "-c:v libx264 -bf 3 -g 40", Explicit = true)]
    [InlineData("ts", "-c:v libx264 -bf 3 -g 100")]
    [InlineData("avi", "-c:v mpeg4 -bf 2 -g 40", Explicit = true)]
    public async Task Codecs(string extension, string codec)
    {
        using var folder = new TemporaryFolder();
        var path = await TestMedia.MakeAsync(folder.File("a." + extension), $"-f lavfi -i testsrc2=s=96x64:r=25:d=8 -pix_fmt yuv420p {codec}");
        await AssertSameFromAsync(path, 200, 30, 76, 120, 199);
    }

    [Theory]
    [InlineData("30000/1001")]
    [InlineData("50")]
    [InlineData("24", Explicit = true)]
    [InlineData("12")]
    public async Task OtherFrameRates(string rate)
    {
        using var folder = new TemporaryFolder();
        var path = await TestMedia.MakeAsync(folder.File("a.mp4"), $"-f lavfi -i testsrc2=s=96x64:r={rate}:d=8 -pix_fmt yuv420p -c:v libx264 -bf 3 -g 48");
        await AssertSameFromAsync(path, 200, 75, 133);
    }

    /// <summary>Frames at irregular times, with a still of more than a second around the seek target.</summary>
    [Theory]
    [InlineData("mp4")]
    [InlineData("mkv")]
    public async Task VariableFrameRate(string extension)
    {
        using var folder = new TemporaryFolder();
        var path = await TestMedia.MakeAsync(
            folder.File("a." + extension),
            "-f lavfi -i testsrc2=s=96x64:r=60:d=9 -vf select='not(mod(n*n\\,7))*(lt(t\\,3.1)+gt(t\\,5.6))' "
                + "-vsync vfr -pix_fmt yuv420p -c:v libx264 -bf 3 -g 30"
        );
        await AssertSameFromAsync(path, 225, 60, 101, 120, 138, 139, 140, 141, 142, 143, 200);
    }

    [Fact]
    public async Task SourceFrames()
    {
        using var folder = new TemporaryFolder();
        var path = await TestMedia.MakeAsync(folder.File("a.mp4"), "-f lavfi -i testsrc2=s=96x64:r=30:d=4 -pix_fmt yuv420p -c:v libx264 -bf 3");
        var all = await TestMedia.HashFramesAsync(path, new VideoReadOptions { FrameRate = null });
        Assert.Equal(120, all.Count);
        Assert.Equal(120, all.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(
            all[100..110],
            await TestMedia.HashFramesAsync(
                path,
                new VideoReadOptions
                {
                    FrameRate = null,
                    StartFrame = 100,
                    FrameLimit = 10,
                }
            )
        );
    }

    [Fact]
    public async Task BehindTheEnd_GivesNothing()
    {
        using var folder = new TemporaryFolder();
        var path = await TestMedia.MakeAsync(folder.File("a.mp4"), "-f lavfi -i testsrc2=s=96x64:r=25:d=4 -pix_fmt yuv420p");
        Assert.Empty(await TestMedia.HashFramesAsync(path, new VideoReadOptions { StartFrame = 100 }));
    }

    private static async Task AssertSameFromAsync(string path, int count, params int[] starts)
    {
        var all = await TestMedia.HashFramesAsync(path, new VideoReadOptions());
        Assert.InRange(all.Count, count - 1, count + 1);
        foreach (var start in starts)
        {
            var part = await TestMedia.HashFramesAsync(path, new VideoReadOptions { StartFrame = start, FrameLimit = 20 });
            Assert.Equal(all.Skip(start).Take(20), part);
        }
    }
}

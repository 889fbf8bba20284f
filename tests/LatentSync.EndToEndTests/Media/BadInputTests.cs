using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Media;

/// <summary>Every wrong file gets its own sentence, with its path.</summary>
public class BadInputTests
{
    [Fact]
    public async Task Missing() => await ExpectAsync("no.mp4", _ => Task.CompletedTask, "does not exist");

    [Fact]
    public async Task Folder() => await ExpectAsync("a.mp4", path => Task.FromResult(Directory.CreateDirectory(path)), "is a folder");

    [Fact]
    public async Task Empty() => await ExpectAsync("a.mp4", path => File.WriteAllBytesAsync(path, []), "is empty");

    [Fact]
    public async Task NamedPipe_DoesNotBlock()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such files.");
        await ExpectAsync("a.mp4", MakePipeAsync, "not an ordinary file");
    }

    [Fact]
    public async Task Text() => await ExpectAsync("a.mp4", path => File.WriteAllTextAsync(path, "this is not a video\n"), "not a media file");

    [Fact]
    public async Task Playlist_IsNotFollowed() =>
        await ExpectAsync("a.mp4", path => File.WriteAllTextAsync(path, "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n/etc/passwd\n"), "is a playlist");

    [Fact]
    public async Task ConcatScript_IsNotFollowed() =>
        await ExpectAsync("a.mp4", path => File.WriteAllTextAsync(path, "ffconcat version 1.0\nfile a.mp4\n"), "is a playlist");

    [Fact]
    public async Task CutOff() =>
        await ExpectAsync(
            "a.mp4",
            async path =>
            {
                await TestMedia.MakeAsync(path, "-f lavfi -i testsrc2=s=64x48:r=25:d=2 -pix_fmt yuv420p");
                await using var file = File.OpenWrite(path);
                file.SetLength(file.Length / 2);
            },
            "a part of it is missing"
        );

    [Fact]
    public async Task NoVideo() =>
        await ExpectAsync("a.wav", path => TestMedia.MakeAsync(path, "-f lavfi -i sine=d=1"), "has sound but no pictures", info => info.RequireVideo());

    [Fact]
    public async Task NoSound() =>
        await ExpectAsync(
            "a.mp4",
            path => TestMedia.MakeAsync(path, "-f lavfi -i testsrc2=s=64x48:r=25:d=1 -pix_fmt yuv420p"),
            "has no sound track",
            info => info.RequireAudio()
        );

    [Fact]
    public async Task CoverArt_IsNoVideo() =>
        await ExpectAsync(
            "a.m4a",
            path =>
                TestMedia.MakeAsync(
                    path,
                    "-f lavfi -i sine=d=1 -f lavfi -i color=red:s=64x64:d=0.04 -map 0 -map 1 -frames:v 1 -c:v png -disposition:v attached_pic -f mp4"
                ),
            "has sound but no pictures",
            info => info.RequireVideo()
        );

    [Fact]
    public async Task NoFrames() =>
        await ExpectAsync(
            "a.mp4",
            path => TestMedia.MakeAsync(path, "-f lavfi -i testsrc2=s=64x48 -t 0 -pix_fmt yuv420p"),
            "has neither pictures nor sound",
            info => info.RequireVideo()
        );

    [Fact]
    public async Task SoundWithoutSamples()
    {
        using var folder = new TemporaryFolder();
        var path = await TestMedia.MakeAsync(folder.File("a.wav"), "-f lavfi -i sine -t 0");
        await AssertFailsAsync(path, "sound track of", () => AudioReader.ReadMonoAsync(path, TestMedia.Token));
    }

    private static async Task MakePipeAsync(string path)
    {
        var result = await ToolRun.RunAsync(TestMedia.Tools.Launcher, "mkfifo", [path], 1000, TestMedia.Token);
        Assert.True(result.ExitCode == 0, result.LastWords);
    }

    private static async Task ExpectAsync(string name, Func<string, Task> make, string words, Func<MediaInfo, object>? require = null)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File(name);
        await make(path);
        await AssertFailsAsync(path, words, async () =>
        {
            var info = await MediaProbe.ProbeAsync(path, TestMedia.Token);
            require?.Invoke(info);
        });
    }

    private static async Task AssertFailsAsync(string path, string words, Func<Task> act)
    {
        var exception = await Assert.ThrowsAsync<LipSyncException>(act);
        Assert.Equal(LipSyncErrorCode.InvalidInput, exception.Code);
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
        Assert.Contains($"\"{path}\"", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }
}

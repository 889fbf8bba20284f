using LatentSync.FrontEnd.Words;
using LatentSync.Media.Formats;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.TestKit;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Pipeline;

/// <summary>A video without a usable face keeps its pictures, where that can be bit for bit.</summary>
public sealed class NoFaceTests(Samples samples) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _notices = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("source.mp4", "result.mp4", "-c:v libx264 -bf 2", 25)]
    [InlineData("source.mkv", "result.mp4", "-c:v libx264 -bf 2", 25, Explicit = true)]
    [InlineData("source.mp4", "result.mkv", "-c:v libx265 -x265-params log-level=error", 25)]
    [InlineData("source.mov", "result.mov", "-c:v prores_ks", 25)]
    [InlineData("source.mp4", "result.mov", "-c:v libx264 -r 30", 30, Explicit = true)]
    public async Task EqualLength_CopiesEveryPacket(string name, string output, string encoder, int frames)
    {
        var video = await PatternAsync(name, encoder);
        var result = await RunAsync(video, Sound("1"), output);
        Assert.True(result.PicturesCopied);
        Assert.Equal((frames, 0, frames), (result.Frames, result.SyncedFrames, result.FramesWithoutFace));
        Assert.Equal(PacketHashes(video), PacketHashes(result.Output));
        Assert.Equal(
            [$"No mouth was changed in \"{video}\", since no face was found in it; only the sound is new, and the pictures are the source's bit for bit."],
            _notices
        );
        var media = await MediaProbe.ProbeAsync(result.Output, TestMedia.Token);
        Assert.InRange(media.Duration!.Value.TotalSeconds, 0.99, 1.06);
        Assert.NotNull(media.Audio);
    }

    /// <summary>With two frames between each that they refer to, a copy can end only behind a group of three; elsewhere it is encoded.</summary>
    [Theory]
    [InlineData("-bf 0", "0.6", 15, true)]
    [InlineData("-bf 2 -x264-params b-adapt=0:scenecut=0", "0.64", 16, true, Explicit = true)]
    [InlineData("-bf 2 -x264-params b-adapt=0:scenecut=0", "0.6", 15, false)]
    public async Task ShorterSound_CutsTheCopy(string order, string seconds, int frames, bool isCopied)
    {
        var video = await PatternAsync("source.mp4", "-c:v libx264 -g 250 " + order);
        foreach (var output in (string[])["result.mp4", "result.mkv"])
        {
            var result = await RunAsync(video, Sound(seconds), output);
            Assert.Equal(isCopied, result.PicturesCopied);
            var (source, copied) = (PacketHashes(video), PacketHashes(result.Output));
            Assert.Equal(frames, copied.Count);
            Assert.Equal(isCopied, source.Take(frames).SequenceEqual(copied));
            Assert.InRange(
                (await MediaProbe.ProbeAsync(result.Output, TestMedia.Token)).RequireVideo().Duration!.Value.TotalSeconds,
                (frames / 25.0) - 0.001,
                (frames / 25.0) + 0.001
            );
        }
    }

    [Fact]
    public async Task LongerSound_WithTrim_CopiesTheWhole()
    {
        var video = await PatternAsync("source.mp4", "-c:v libx264");
        var result = await RunAsync(video, Sound("1.5"), "result.mp4", new LipSyncFileOptions { Timing = new() { Loop = LipSyncLoop.Trim } });
        Assert.True(result.PicturesCopied);
        Assert.Equal(PacketHashes(video), PacketHashes(result.Output));
    }

    /// <summary>A pass backward, a codec that the file does not hold, or settings of the encoder: the frames are encoded, as always.</summary>
    [Theory]
    [InlineData("source.mp4", "result.mp4", "-c:v libx264", "1.5", null)]
    [InlineData("source.mkv", "result.mp4", "-c:v ffv1", "1", null)]
    [InlineData("source.mp4", "result.mp4", "-c:v libx264", "1", 18)]
    public async Task WhereItCannotBeCopied_ItIsEncoded(string name, string output, string encoder, string seconds, int? crf)
    {
        var video = await PatternAsync(name, encoder);
        var result = await RunAsync(video, Sound(seconds), output, new LipSyncFileOptions { Encoding = new VideoEncoding { Crf = crf } });
        Assert.False(result.PicturesCopied);
        Assert.NotEqual(PacketHashes(video).Take(10), PacketHashes(result.Output).Take(10));
        Assert.Equal([$"No mouth was changed in \"{video}\", since no face was found in it; only the sound is new."], _notices);
        Assert.Equal(seconds == "1.5" ? 38 : 25, (await TestMedia.HashFramesAsync(result.Output, new VideoReadOptions { FrameRate = null })).Count);
    }

    /// <summary>A copy lies as the source does, and says so; where the file cannot say it, the frames stand upright.</summary>
    [Theory]
    [InlineData("result.mov", true)]
    [InlineData("result.mkv", false)]
    public async Task TurnedVideo_StaysUprightToTheEye(string output, bool isCopied)
    {
        var video = await PatternAsync("source.mp4", "-c:v libx264");
        TestMedia.SetRotation(video, 90);
        var result = await RunAsync(video, Sound("1"), output);
        Assert.Equal(isCopied, result.PicturesCopied);
        var info = (await MediaProbe.ProbeAsync(result.Output, TestMedia.Token)).RequireVideo();
        Assert.Equal((120, 160, isCopied ? 90 : 0), (info.DisplayWidth, info.DisplayHeight, info.Rotation));
        var (before, after) = (
            await TestMedia.ReadFramesAsync(video, new VideoReadOptions()),
            await TestMedia.ReadFramesAsync(result.Output, new VideoReadOptions())
        );
        Assert.All(before.Zip(after), pair => Assert.InRange(TestMedia.Psnr(pair.First, pair.Second), 35, double.PositiveInfinity));
    }

    [Fact]
    public async Task Strict_IsAnError()
    {
        var video = await PatternAsync("source.mp4", "-c:v libx264");
        var error = await Assert.ThrowsAsync<LipSyncException>(() => RunAsync(video, Sound("1"), "result.mp4", new LipSyncFileOptions { Strict = true }));
        Assert.Equal(LipSyncErrorCode.NoFace, error.Code);
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
    }

    [Theory]
    [InlineData("largest")]
    [InlineData("all")]
    public async Task SmallFace_IsNamedAsTheReason(string choice)
    {
        var video = Samples.Make("-i", samples.Talk, "-vf", "scale=72:112,pad=360:560:(ow-iw)/2:(oh-ih)/2", "-c:v", "libx264", _folder.File("small.mp4"));
        var result = await RunAsync(video, Sound("1"), "result.mp4", new LipSyncFileOptions { Faces = new() { Face = FaceChoice.Parse(choice) } });
        Assert.True(result.PicturesCopied);
        Assert.Contains("smaller than 50 pixels in width and 80 in height", Assert.Single(_notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AbsentChoice_IsNamedAsTheReason()
    {
        var result = await RunAsync(samples.Talk, Sound("1"), "result.mp4", new LipSyncFileOptions { Faces = new() { Face = FaceChoice.FromLeft(2) } });
        Assert.True(result.PicturesCopied);
        Assert.Contains("the face that --face left:2 names was not found", Assert.Single(_notices), StringComparison.Ordinal);
    }

    /// <summary>Squeezed by its pixels to three quarters of its width, the face is painted where it is, as it is shown.</summary>
    [Fact]
    public async Task AnamorphicPixels_PaintTheSameArea()
    {
        var square = await RunAsync(samples.Talk, Sound("1"), "square.mp4");
        var squeezed = Samples.Make(
            "-i",
            samples.Talk,
            "-vf",
            "scale=270:560:flags=lanczos,setsar=4/3",
            "-c:v",
            "libx264",
            "-crf",
            "8",
            _folder.File("squeezed.mp4")
        );
        var result = await RunAsync(squeezed, Sound("1"), "result.mp4");
        Assert.Equal((square.SyncedFrames, 25), (result.SyncedFrames, result.Frames));
        var video = (await MediaProbe.ProbeAsync(result.Output, TestMedia.Token)).RequireVideo();
        Assert.Equal((270, 560, new Rational(4, 3)), (video.Width, video.Height, video.SampleAspectRatio));

        var shown = Samples.Make("-i", result.Output, "-vf", "scale=360:560:flags=lanczos,setsar=1", "-c:v", "libx264", "-crf", "8", _folder.File("shown.mp4"));
        var (wanted, got) = (
            await TestMedia.ReadFramesAsync(square.Output, new VideoReadOptions()),
            await TestMedia.ReadFramesAsync(shown, new VideoReadOptions())
        );
        Assert.All(wanted.Zip(got), pair => Assert.InRange(TestMedia.Psnr(pair.First, pair.Second), 29, double.PositiveInfinity));
    }

    private Task<string> PatternAsync(string name, string encoder) =>
        TestMedia.MakeAsync(_folder.File(name), $"-f lavfi -i testsrc2=s=160x120:r=25:d=1 {encoder} -t 1");

    private string Sound(string seconds) => Samples.Make("-i", samples.LongSound, "-t", seconds, _folder.File("sound.wav"));

    private static List<string> PacketHashes(string path)
    {
        using var folder = new TemporaryFolder();

        var lines = File.ReadAllLines(Samples.Make("-i", path, "-map", "0:v:0", "-c", "copy", "-f", "framehash", folder.File("hashes")));
        return [.. lines.Where(line => !line.StartsWith('#')).Select(line => line.Split(',')[^1].Trim())];
    }

    private Task<LipSyncResult> RunAsync(string video, string sound, string output, LipSyncFileOptions? options = null)
    {
        var request = new LipSyncRequest
        {
            Video = video,
            Audio = sound,
            Output = _folder.File(output),
            Options = (options ?? new LipSyncFileOptions()) with { Sampling = new() { InferenceSteps = 1 } },
        };
        return GreyJob.RunAsync(request, notice: sentence => _notices.Add(CommandWords.Say(sentence)));
    }
}

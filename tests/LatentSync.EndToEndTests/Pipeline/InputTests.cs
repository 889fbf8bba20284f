using LatentSync.FrontEnd.Words;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.TestKit;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Pipeline;

/// <summary>Inputs that are broken off or damaged, that have several tracks or moving pictures.</summary>
public sealed class InputTests : IDisposable
{
    private const string Film = "-f lavfi -i testsrc=s=160x120:r=25:d=3 -f lavfi -i sine=r=48000:d=3";

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _notices = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.mp4", "-c:v libx264 -pix_fmt yuv420p -an -movflags +faststart", "though it says that it lasts 3 s")]
    [InlineData("a.mkv", "-c:v libx264 -pix_fmt yuv420p -an", "is broken off: it ends at 1.")]
    [InlineData("a.avi", "-c:v mpeg4 -an", "is broken off: it ends at 1.", Explicit = true)]
    [InlineData("a.webm", "-c:v libvpx -b:v 500k -an", "is broken off: it ends at 1.", Explicit = true)]
    public async Task ABrokenOffVideo_GivesANotice_AndIsAnErrorIfStrict(string name, string encoder, string words)
    {
        var video = await CutAsync(name, encoder);
        var sound = await TestMedia.MakeAsync(_folder.File("sound.wav"), "-f lavfi -i sine=d=3");
        var result = await RunAsync(video, sound);
        Assert.Equal(75, result.Frames);
        Assert.Contains(words, Assert.Single(_notices, notice => notice.StartsWith($"\"{video}\"", StringComparison.Ordinal)), StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<LipSyncException>(() => RunAsync(video, sound, new LipSyncFileOptions { Strict = true }));
        Assert.Equal(LipSyncErrorCode.InvalidInput, error.Code);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.m4a", "-vn -c:a aac -movflags +faststart", "though it says that it lasts 3 s")]
    [InlineData("a.wav", "-vn", "is broken off: it ends at 1.8 s")]
    [InlineData("a.flac", "-vn", "though it says that it lasts 3 s")]
    [InlineData("a.mka", "-vn -c:a libopus", "is broken off: it ends at 1.", Explicit = true)]
    [InlineData("a.mp3", "-vn -c:a libmp3lame", "is damaged: ffmpeg met errors")]
    [InlineData("a.aiff", "-vn", "though it says that it lasts 3 s", Explicit = true)]
    public async Task ABrokenOffSound_GivesANotice_AndIsAnErrorIfStrict(string name, string encoder, string words)
    {
        var sound = await CutAsync(name, encoder);
        var media = await MediaProbe.ProbeAsync(sound, TestMedia.Token);
        var (samples, damage) = await AudioReader.ReadAsync(TestMedia.Tools, media, TestMedia.Token);
        Assert.InRange(samples.Length, 1.2 * AudioReader.SampleRate, 2.1 * AudioReader.SampleRate);
        Assert.Contains(words, CommandWords.Say(damage!.Notice), StringComparison.Ordinal);
        var video = await TestMedia.MakeAsync(_folder.File("whole.mp4"), "-f lavfi -i testsrc=s=160x120:r=25:d=1 -c:v libx264 -pix_fmt yuv420p");
        var error = await Assert.ThrowsAsync<LipSyncException>(() => RunAsync(video, sound, new LipSyncFileOptions { Strict = true }));
        Assert.Equal((LipSyncErrorCode.InvalidInput, sound), (error.Code, error.Path));
    }

    /// <summary>Bytes in the middle are others: nothing is missing at the end.</summary>
    [Fact]
    public async Task ADamagedVideo_GivesANotice()
    {
        var video = await TestMedia.MakeAsync(_folder.File("a.mkv"), "-f lavfi -i testsrc2=s=320x240:r=25:d=3 -c:v mpeg4 -q:v 3");
        var bytes = await File.ReadAllBytesAsync(video, TestMedia.Token);
        new Random(1).NextBytes(bytes.AsSpan(bytes.Length / 2, 60));
        await File.WriteAllBytesAsync(video, bytes, TestMedia.Token);
        await RunAsync(video, await TestMedia.MakeAsync(_folder.File("sound.wav"), "-f lavfi -i sine=d=3"));
        Assert.Contains(_notices, notice => notice.StartsWith($"\"{video}\" is damaged", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a.mp4", "-c:v libx264 -bf 2 -pix_fmt yuv420p -c:a aac")]
    [InlineData("a.mkv", "-c:v libx264 -bf 2 -pix_fmt yuv420p -c:a libopus", Explicit = true)]
    [InlineData("a.avi", "-c:v mpeg4 -c:a libmp3lame", Explicit = true)]
    [InlineData("a.ts", "-c:v libx264 -pix_fmt yuv420p -c:a aac")]
    [InlineData("a.mov", "-c:v prores_ks -c:a pcm_s16le")]
    [InlineData("a.wmv", "-c:v wmv2 -c:a wmav2")]
    public async Task AWholeFile_GivesNone(string name, string encoder)
    {
        var film = await TestMedia.MakeAsync(_folder.File(name), $"{Film} {encoder}");
        await RunAsync(film, film, new LipSyncFileOptions { Timing = new() { Length = LipSyncLength.Video } });
        Assert.DoesNotContain(_notices, notice =>
            notice.Contains("broken off", StringComparison.Ordinal)
            || notice.Contains("damaged", StringComparison.Ordinal)
            || notice.Contains("tracks", StringComparison.Ordinal)
        );
    }

    /// <summary>Two seconds and three, of which the second is the default one.</summary>
    [Theory]
    [InlineData(null, 75, "has 2 sound tracks; number 2 was taken, which it marks as default")]
    [InlineData(1, 50, null)]
    [InlineData(2, 75, null)]
    public async Task TheDefaultSound_IsTaken(int? track, int frames, string? words)
    {
        var sound = await TestMedia.MakeAsync(
            _folder.File("two.mka"),
            "-f lavfi -i sine=d=2 -f lavfi -i sine=f=900:d=3 -map 0 -map 1 -c:a flac -disposition:a:0 0 -disposition:a:1 default"
        );
        var video = await TestMedia.MakeAsync(_folder.File("a.mp4"), "-f lavfi -i testsrc=s=160x120:r=25:d=1 -c:v libx264 -pix_fmt yuv420p");
        var result = await RunAsync(video, sound, new LipSyncFileOptions { AudioTrack = track });
        Assert.Equal(frames, result.Frames);
        Assert.Equal(words is null ? 0 : 1, _notices.Count(notice => notice.Contains("sound tracks", StringComparison.Ordinal)));
        Assert.Contains(_notices, notice => notice.Contains(words ?? "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, 64)]
    [InlineData(1, 32)]
    public async Task TheDefaultPictures_AreTaken(int? track, int width)
    {
        var video = await TestMedia.MakeAsync(
            _folder.File("two.mkv"),
            "-f lavfi -i testsrc=s=32x32:r=25:d=1 -f lavfi -i testsrc=s=64x64:r=25:d=1 "
                + "-map 0 -map 1 -c:v libx264 -pix_fmt yuv420p -disposition:v:0 0 -disposition:v:1 default"
        );
        var result = await RunAsync(
            video,
            await TestMedia.MakeAsync(_folder.File("s.wav"), "-f lavfi -i sine=d=1"),
            new LipSyncFileOptions { VideoTrack = track }
        );
        Assert.Equal((width, 25), (result.Width, result.Frames));
        Assert.Equal(track is null, _notices.Exists(notice => notice.Contains("has 2 picture tracks; number 2 was taken", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task AMissingTrack_IsRefused()
    {
        var sound = await TestMedia.MakeAsync(_folder.File("s.wav"), "-f lavfi -i sine=d=1");
        var video = await TestMedia.MakeAsync(_folder.File("a.mp4"), "-f lavfi -i testsrc=s=160x120:r=25:d=1 -c:v libx264 -pix_fmt yuv420p");
        var error = await Assert.ThrowsAsync<LipSyncException>(() => RunAsync(video, sound, new LipSyncFileOptions { AudioTrack = 2 }));
        Assert.Equal(
            (LipSyncErrorCode.InvalidOptions, $"--audio-track is 2, but \"{sound}\" has 1 sound track; choose one of them, or leave out --audio-track."),
            (error.Code, CommandWords.Say(error))
        );
    }

    /// <summary>A cover that nothing marks as one is no video, whether there is another or not; pictures one after the other are.</summary>
    [Fact]
    public async Task ACover_IsNoVideo()
    {
        var cover = await TestMedia.MakeAsync(_folder.File("cover.jpg"), "-f lavfi -i testsrc=s=64x64 -frames:v 1");
        var film = await TestMedia.MakeAsync(
            _folder.File("film.mp4"),
            "-f lavfi -i testsrc=s=160x120:r=25:d=1 -f lavfi -i sine=d=1 -c:v libx264 -pix_fmt yuv420p"
        );
        foreach (var extension in (string[])["mkv", "mp4", "mov"])
        {
            var both = Samples.Make("-i", cover, "-i", film, "-map", "0", "-map", "1", "-c", "copy", _folder.File("both." + extension));
            var song = Samples.Make("-i", cover, "-i", film, "-map", "0", "-map", "1:a", "-c", "copy", _folder.File("song." + extension));
            Assert.Equal(160, Assert.Single((await MediaProbe.ProbeAsync(both, TestMedia.Token)).VideoTracks).Width);
            var none = await MediaProbe.ProbeAsync(song, TestMedia.Token);
            Assert.Contains("has sound but no pictures", Assert.Throws<LipSyncException>(none.RequireVideo).Message, StringComparison.Ordinal);
        }

        var camera = await TestMedia.MakeAsync(_folder.File("camera.avi"), $"{Film} -c:v mjpeg");
        Assert.Equal("mjpeg", (await MediaProbe.ProbeAsync(camera, TestMedia.Token)).RequireVideo().Codec);
    }

    [Theory]
    [InlineData("moving.png", "-f apng -plays 0", 20)]
    [InlineData("moving.apng", "-plays 1", 20)]
    [InlineData("moving.gif", "-loop 0", 19)] // its palette makes two of the 20 equal
    public async Task AMovingPicture_IsAVideo(string name, string options, int differentFrames)
    {
        var video = await TestMedia.MakeAsync(_folder.File(name), $"-f lavfi -i testsrc2=s=64x48:r=10:d=2 {options}");
        var result = await RunAsync(video, await TestMedia.MakeAsync(_folder.File("s.wav"), "-f lavfi -i sine=d=2"));
        Assert.Equal((20, 2.0), (result.Frames, result.Duration.TotalSeconds));
        var frames = await TestMedia.HashFramesAsync(result.Output, new VideoReadOptions { FrameRate = null });
        Assert.Equal(differentFrames, frames.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task AMovingWebp_IsRefused()
    {
        Assert.SkipUnless(await TestMedia.Tools.HasEncoderAsync("libwebp_anim", TestMedia.Token), "SKIPPED: this ffmpeg lacks the encoder.");
        var video = await TestMedia.MakeAsync(_folder.File("moving.webp"), "-f lavfi -i testsrc=s=64x48:r=10:d=1 -c:v libwebp_anim");
        var error = await Assert.ThrowsAsync<LipSyncException>(() => MediaProbe.ProbePicturesAsync(video, TestMedia.Token));
        Assert.Equal(LipSyncErrorCode.InvalidInput, error.Code);
        Assert.Contains("is an animated WebP picture", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A stream of a webcam; two pictures in one file may be a photograph and its preview.</summary>
    [Fact]
    public async Task JpegPicturesInARow_AreRefused()
    {
        var one = await TestMedia.MakeAsync(_folder.File("one.jpg"), "-f lavfi -i testsrc=s=64x48 -frames:v 1");
        var bytes = await File.ReadAllBytesAsync(one, TestMedia.Token);
        var row = _folder.File("row.mjpeg");
        await File.WriteAllBytesAsync(row, [.. bytes, .. bytes, .. bytes], TestMedia.Token);
        var error = await Assert.ThrowsAsync<LipSyncException>(() => MediaProbe.ProbePicturesAsync(row, TestMedia.Token));
        Assert.Contains("is a row of JPEG pictures", error.Message, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(row, [.. bytes, .. bytes], TestMedia.Token);
        Assert.NotNull((await MediaProbe.ProbePicturesAsync(row, TestMedia.Token)).RequireVideo().StillDemuxer);
    }

    /// <summary>The first three fifths of a file.</summary>
    private async Task<string> CutAsync(string name, string encoder)
    {
        var whole = await TestMedia.MakeAsync(_folder.File("whole-" + name), $"{Film} {encoder}");
        var bytes = await File.ReadAllBytesAsync(whole, TestMedia.Token);
        var cut = _folder.File(name);
        await File.WriteAllBytesAsync(cut, bytes[..(bytes.Length * 6 / 10)], TestMedia.Token);
        return cut;
    }

    private Task<LipSyncResult> RunAsync(string video, string sound, LipSyncFileOptions? options = null)
    {
        var request = new LipSyncRequest
        {
            Video = video,
            Audio = sound,
            Output = _folder.File("result.mp4"),
            Overwrite = true,
            Restart = true,
            Options = (options ?? new LipSyncFileOptions()) with { Sampling = new() { InferenceSteps = 1 } },
        };
        return GreyJob.RunAsync(request, notice: sentence => _notices.Add(CommandWords.Say(sentence)));
    }
}

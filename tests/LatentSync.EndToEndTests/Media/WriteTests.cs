using LatentSync.Imaging;
using LatentSync.Media.Formats;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.Media.Write;
using LatentSync.TestKit;
using LatentSync.Timeline;

namespace LatentSync.EndToEndTests.Media;

/// <summary>What is written is what was given: pictures, colours, sizes, times and sound.</summary>
public class WriteTests
{
    private const double LowestPsnr = 40;

    [Theory]
    [InlineData("tv", "bt709")]
    [InlineData("pc", "bt709")]
    [InlineData("tv", "smpte170m")]
    [InlineData("pc", "bt470bg")]
    [InlineData("tv", "bt2020nc")]
    [InlineData(null, null)]
    public async Task RoundTrip_KeepsPicturesAndTags(string? range, string? matrix)
    {
        using var folder = new TemporaryFolder();
        var tags = new ColorTags(range, matrix, matrix is "bt2020nc" ? "bt2020-10" : matrix, matrix is "bt2020nc" ? "bt2020" : matrix);
        var options = Options(folder.File("a.mp4"), 320, 240) with { Color = tags };
        var video = await WriteAsync(options, 10);
        Assert.Equal(tags.Matrix, video.Color.Matrix);
        Assert.Equal(tags.Primaries, video.Color.Primaries);
        Assert.Equal(tags.Transfer, video.Color.Transfer);
        Assert.Equal(range ?? video.Color.Range, video.Color.Range);
        await AssertFramesAsync(options, 10);
    }

    [Theory]
    [MemberData(nameof(TestMedia.Talks), MemberType = typeof(TestMedia))]
    public async Task UntouchedArea_OfTheTalkingPerson_KeepsForty(string name)
    {
        using var folder = new TemporaryFolder();
        var talk = await TestMedia.TalkAsync(folder, name);
        var info = (await MediaProbe.ProbeAsync(talk, TestMedia.Token)).RequireVideo();
        var options = Options(folder.File("a.mp4"), info.DisplayWidth, info.DisplayHeight) with { Color = info.Color };
        var source = await TestMedia.ReadFramesAsync(talk, new VideoReadOptions { FrameLimit = 20 });
        await using (var writer = await VideoWriter.CreateAsync(options, TestMedia.Token))
        {
            foreach (var frame in source)
            {
                await writer.WriteAsync(new RgbImage(options.Width, options.Height, frame), TestMedia.Token);
            }

            await writer.CompleteAsync(TestMedia.Token);
        }

        var result = await TestMedia.ReadFramesAsync(options.Path, new VideoReadOptions());
        Assert.Equal(source.Count, result.Count);
        Assert.All(source.Zip(result), pair => Assert.InRange(TestMedia.Psnr(pair.First, pair.Second), LowestPsnr, double.MaxValue));
    }

    [Theory]
    [InlineData(".mp4", 101, 75)]
    [InlineData(".mkv", 64, 75)]
    [InlineData(".mov", 63, 64)]
    public async Task OddSizes_StayOdd(string extension, int width, int height)
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder.File("a" + extension), width, height);
        var video = await WriteAsync(options, 5);
        Assert.Equal((width, height), (video.Width, video.Height));
        await AssertFramesAsync(options, 5);
    }

    [Theory]
    [InlineData(".mp4", 30000, 1001)]
    [InlineData(".mkv", 24, 1)]
    [InlineData(".mov", 60, 1)]
    public async Task FrameRateAndPixelShape_AreKept(string extension, int numerator, int denominator)
    {
        using var folder = new TemporaryFolder();
        var rate = new Rational(numerator, denominator);
        var options = Options(folder.File("a" + extension), 160, 120) with
        {
            Clock = new FrameClock(numerator, (double)numerator / denominator),
            SampleAspectRatio = new Rational(16, 15),
        };
        var video = await WriteAsync(options, 30);
        Assert.Equal(rate, video.AverageFrameRate);
        Assert.Equal(new Rational(16, 15), video.SampleAspectRatio);
        Assert.Equal(0, video.Rotation);
        Assert.Equal(30, (await TestMedia.ReadFramesAsync(options.Path, new VideoReadOptions { FrameRate = null })).Count);
    }

    [Theory]
    [InlineData(".mp4", "s.m4a", "-ar 44100 -ac 2 -c:a aac", "aac", 44100, 2)]
    [InlineData(".mp4", "s.mp3", "-ar 48000 -ac 2 -c:a libmp3lame", "mp3", 48000, 2, Explicit = true)]
    [InlineData(".mp4", "s.flac", "-ar 96000 -ac 2", "flac", 96000, 2)]
    [InlineData(".mp4", "s.wav", "-ar 48000 -ac 2", "aac", 48000, 2)]
    [InlineData(".mp4", "s.wav", "-ar 16000 -ac 1", "aac", 16000, 1, Explicit = true)]
    [InlineData(".mov", "s.wav", "-ar 48000 -ac 2 -c:a pcm_s24le", "pcm_s24le", 48000, 2)]
    [InlineData(".mov", "s.mka", "-ar 48000 -ac 2 -c:a libopus", "aac", 48000, 2)]
    [InlineData(".mkv", "s.wav", "-ar 44100 -ac 6", "pcm_s16le", 44100, 6)]
    [InlineData(".mkv", "s.ogg", "-ar 44100 -ac 2 -c:a libvorbis", "vorbis", 44100, 2, Explicit = true)]
    public async Task Sound_KeepsItsQuality_AndEndsWithThePictures(
        string extension,
        string soundName,
        string encoding,
        string codec,
        int sampleRate,
        int channels
    )
    {
        using var folder = new TemporaryFolder();
        var sound = await TestMedia.MakeAsync(folder.File(soundName), $"-f lavfi -i sine=r=48000:d=3 {encoding}");
        var options = Options(folder.File("a" + extension), 160, 120) with { SoundPath = sound };
        await WriteAsync(options, 25);
        var media = await MediaProbe.ProbeAsync(options.Path, TestMedia.Token);
        var audio = media.RequireAudio();
        Assert.Equal((codec, sampleRate, channels), (audio.Codec, audio.SampleRate, audio.Channels));
        Assert.InRange(media.Duration!.Value.TotalSeconds, 0.99, 1.08);
        await AssertFramesAsync(options, 25);
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public async Task ShortSound_DoesNotCutThePictures()
    {
        using var folder = new TemporaryFolder();
        var sound = await TestMedia.MakeAsync(folder.File("s.wav"), "-f lavfi -i sine=d=0.3");
        var options = Options(folder.File("a.mp4"), 160, 120) with { SoundPath = sound };
        await WriteAsync(options, 50);
        await AssertFramesAsync(options, 50);
    }

    [Fact]
    public async Task Mp4_StartsWithItsIndex()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder.File("a.mp4"), 160, 120);
        await WriteAsync(options, 5);
        var bytes = await File.ReadAllBytesAsync(options.Path, TestMedia.Token);
        Assert.InRange(bytes.AsSpan().IndexOf("moov"u8), 1, bytes.AsSpan().IndexOf("mdat"u8));
    }

    internal static VideoWriteOptions Options(string path, int width, int height) =>
        new()
        {
            Path = path,
            Width = width,
            Height = height,
            Clock = FrameClock.Model,
        };

    internal static async Task<VideoStreamInfo> WriteAsync(VideoWriteOptions options, int frames)
    {
        await using (var writer = await VideoWriter.CreateAsync(options, TestMedia.Token))
        {
            for (var i = 0; i < frames; i++)
            {
                await writer.WriteAsync(TestMedia.Picture(options.Width, options.Height, i), TestMedia.Token, options.Clock);
            }

            await writer.CompleteAsync(TestMedia.Token, options.Clock);
        }

        return (await MediaProbe.ProbeAsync(options.Path, TestMedia.Token)).RequireVideo();
    }

    private static async Task AssertFramesAsync(VideoWriteOptions options, int count)
    {
        var frames = await TestMedia.ReadFramesAsync(options.Path, new VideoReadOptions { FrameRate = null });
        Assert.Equal(count, frames.Count);
        Assert.All(frames.Index(), frame =>
            Assert.InRange(TestMedia.Psnr(TestMedia.Picture(options.Width, options.Height, frame.Index).Pixels, frame.Item), LowestPsnr - 8, double.MaxValue)
        );
    }
}

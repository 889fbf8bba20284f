using System.Globalization;
using System.Runtime.InteropServices;
using LatentSync.FrontEnd.Words;
using LatentSync.Media.Encoders;
using LatentSync.Media.Formats;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.Media.Write;
using LatentSync.TestKit;
using LatentSync.Timeline;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Pipeline;

/// <summary>Lengths, sounds and encoders of whole jobs; only the networks are stood in for. The video has 30 frames, 1.2 s.</summary>
public sealed class LengthTests(Samples samples) : IDisposable
{
    private const int Rate = 44100;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(LipSyncLength.Audio, LipSyncLoop.PingPong, "0.81", 21)]
    [InlineData(LipSyncLength.Audio, LipSyncLoop.PingPong, "1.2", 30, Explicit = true)]
    [InlineData(LipSyncLength.Audio, LipSyncLoop.PingPong, "1.6", 40)]
    [InlineData(LipSyncLength.Audio, LipSyncLoop.Loop, "1.6", 40)]
    [InlineData(LipSyncLength.Audio, LipSyncLoop.Freeze, "1.6", 40)]
    [InlineData(LipSyncLength.Audio, LipSyncLoop.Freeze, "0.81", 21, Explicit = true)]
    [InlineData(LipSyncLength.Audio, LipSyncLoop.Trim, "0.81", 21, Explicit = true)]
    [InlineData(LipSyncLength.Audio, LipSyncLoop.Trim, "1.2", 30, Explicit = true)]
    [InlineData(LipSyncLength.Audio, LipSyncLoop.Trim, "1.6", 30)]
    [InlineData(LipSyncLength.Video, LipSyncLoop.PingPong, "0.81", 30)]
    [InlineData(LipSyncLength.Video, LipSyncLoop.PingPong, "1.2", 30, Explicit = true)]
    [InlineData(LipSyncLength.Video, LipSyncLoop.PingPong, "1.6", 30)]
    public async Task EveryMode_HasItsFrames_AndSoundAsLong(LipSyncLength length, LipSyncLoop loop, string seconds, int expected)
    {
        var result = await RunAsync(
            samples.Talk,
            Tone(seconds),
            ".mkv",
            new LipSyncFileOptions
            {
                Timing = new() { Length = length, Loop = loop },
            }
        );
        Assert.Equal(expected, result.Frames);
        Assert.Equal(expected, (await TestMedia.HashFramesAsync(result.Output, new VideoReadOptions { FrameRate = null })).Count);

        // Copied PCM ends with a packet, filled-up PCM with a sample.
        const int packet = 4096;
        var sound = Sound(result.Output);
        var given = (int)Math.Round(double.Parse(seconds, CultureInfo.InvariantCulture) * Rate);
        var shown = expected * Rate / FrameSchedule.FramesPerSecond;
        var isFilled = length == LipSyncLength.Video && given < shown;
        Assert.InRange(sound.Length, isFilled ? shown : Math.Min(given, shown), isFilled ? shown : Math.Min(given, shown + packet));
        Assert.All(sound.Skip(given), sample => Assert.Equal(0, sample));
    }

    [Fact]
    public async Task SilentPadding_IsSilent_AndTheVideoGoesOn()
    {
        var result = await RunAsync(
            samples.Talk,
            Tone("1"),
            ".mov",
            new LipSyncFileOptions
            {
                Timing = new() { SilentPadding = 0.6, Loop = LipSyncLoop.Loop },
            }
        );
        Assert.Equal((40, 40), (result.Frames, result.SyncedFrames));
        var sound = Sound(result.Output);
        Assert.Equal(40 * Rate / 25, sound.Length);
        Assert.Equal(Sound(Tone("1")), sound[..Rate]);
        Assert.All(sound[Rate..], sample => Assert.Equal(0, sample));
    }

    [Fact]
    public async Task AudioStart_IsExactToTheSample()
    {
        const int start = 11113;
        var source = samples.Sound;
        var result = await RunAsync(samples.Talk, source, ".mkv", new LipSyncFileOptions { AudioStart = (double)start / Rate });
        Assert.Equal(19, result.Frames);
        var (given, got) = (Sound(source, channels: 2), Sound(result.Output, channels: 2));
        Assert.Equal(given[(2 * start)..], got[..(given.Length - (2 * start))]);
    }

    [Fact]
    public async Task AudioStart_BeyondTheEnd_IsRefused()
    {
        var error = await Assert.ThrowsAsync<LipSyncException>(() =>
            RunAsync(samples.Talk, samples.Sound, ".mp4", new LipSyncFileOptions { AudioStart = 1.5 })
        );
        Assert.Equal(LipSyncErrorCode.InvalidOptions, error.Code);
        Assert.Contains("--audio-start is 1.5", CommandWords.Say(error), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    /// <summary>The given sound is silence, so that what is heard is the video's own: a tone, in the first half of each pass only.</summary>
    [Theory]
    [InlineData(LipSyncLoop.Loop, -20.0, true)]
    [InlineData(LipSyncLoop.PingPong, -6.5, true, Explicit = true)]
    [InlineData(LipSyncLoop.Freeze, 3.0, false)]
    public async Task Mix_HasTheLevel_AndStartsOverWithThePass(LipSyncLoop loop, double level, bool startsOver)
    {
        const int half = 6 * Rate / 10;
        var video = WithTone();
        var silence = Samples.Make("-f", "lavfi", "-i", Invariant($"anullsrc=r={Rate}:cl=mono"), "-t", "2.4", _folder.File("silence.wav"));
        var result = await RunAsync(
            video,
            silence,
            ".mkv",
            new LipSyncFileOptions
            {
                MixLevel = level,
                Timing = new() { Loop = loop },
            }
        );
        var (own, mixed) = (Sound(video), Sound(result.Output));
        Assert.Equal(60 * Rate / 25, mixed.Length);
        var difference = Level(mixed[..half]) - Level(own[..half]);
        TestContext.Current.TestOutputHelper?.WriteLine(Invariant($"{difference:0.000} dB"));
        Assert.InRange(difference, level - 0.5, level + 0.5);
        Assert.True(Level(mixed[(half + 100)..(2 * half)]) < -80);
        var again = mixed[(2 * half)..(3 * half)];
        Assert.Equal(startsOver ? mixed[..half] : new short[half], again);
        Assert.True(Level(mixed[((3 * half) + 100)..]) < -80);
    }

    [Fact]
    public async Task Mix_LeavesTheGivenSoundAsItWas()
    {
        var silent = Samples.Make("-i", samples.Talk, "-f", "lavfi", "-i", "anullsrc=r=48000:cl=5.1", "-shortest", "-c:v", "copy", _folder.File("silent.mkv"));
        var result = await RunAsync(silent, samples.Sound, ".mkv", new LipSyncFileOptions { MixLevel = -10 });
        Assert.Equal(Sound(samples.Sound, channels: 2), Sound(result.Output, channels: 2));
    }

    [Fact]
    public async Task Mix_OfAVideoWithoutSound_IsRefused()
    {
        var error = await Assert.ThrowsAsync<LipSyncException>(() => RunAsync(samples.Talk, samples.Sound, ".mp4", new LipSyncFileOptions { MixLevel = -10 }));
        Assert.Contains("has no sound track", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".png", "")]
    [InlineData(".jpg", "")]
    [InlineData(".webp", "", Explicit = true)]
    [InlineData(".png", "format=rgba")]
    public async Task APicture_StandsStill_AndSpeaks(string extension, string filter)
    {
        var picture = Picture(extension, filter.Length > 0 ? filter : "null");
        var result = await RunAsync(picture, samples.Sound, ".mp4", new LipSyncFileOptions());
        Assert.Equal((25, 25), (result.Frames, result.SyncedFrames));
        var video = (await MediaProbe.ProbeAsync(result.Output, TestMedia.Token)).RequireVideo();
        Assert.Equal(("h264", "yuv420p", new Rational(25, 1), 360, 560), (video.Codec, video.PixelFormat, video.AverageFrameRate, video.Width, video.Height));
    }

    /// <summary>Half transparent white on black is grey.</summary>
    [Fact]
    public async Task ATransparentPicture_IsPutOnBlack()
    {
        var path = Samples.Make("-f", "lavfi", "-i", "color=white@0.5:s=32x32,format=rgba", "-frames:v", "1", _folder.File("half.png"));
        var video = (await MediaProbe.ProbePicturesAsync(path, TestMedia.Token)).RequireVideo();
        await using var reader = await VideoReader.OpenAsync(path, video, new VideoReadOptions(), TestMedia.Token);
        var image = new LatentSync.Imaging.RgbImage(32, 32);
        Assert.True(await reader.ReadAsync(image, TestMedia.Token));
        Assert.All(image.Pixels, value => Assert.InRange(value, 125, 130));
        Assert.False(await reader.ReadAsync(image, TestMedia.Token));
    }

    [Theory]
    [InlineData(LipSyncLength.Video, LipSyncLoop.PingPong)]
    [InlineData(LipSyncLength.Audio, LipSyncLoop.Trim)]
    public async Task APicture_HasNoLength(LipSyncLength length, LipSyncLoop loop)
    {
        var picture = Picture(".png", "null");
        var error = await Assert.ThrowsAsync<LipSyncException>(() =>
            RunAsync(
                picture,
                samples.Sound,
                ".mp4",
                new LipSyncFileOptions
                {
                    Timing = new() { Length = length, Loop = loop },
                }
            )
        );
        Assert.Contains("is a picture", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(VideoCodec.H264, ".mp4", "yuv444p", "h264")]
    [InlineData(VideoCodec.Hevc, ".mp4", null, "hevc")]
    [InlineData(VideoCodec.Hevc, ".mkv", "yuv420p10le", "hevc", Explicit = true)]
    [InlineData(VideoCodec.Av1, ".mp4", null, "av1")]
    [InlineData(VideoCodec.Av1, ".mkv", "yuv420p10le", "av1", Explicit = true)]
    [InlineData(VideoCodec.ProRes, ".mov", null, "prores")]
    [InlineData(VideoCodec.ProRes, ".mkv", "yuv422p10le", "prores", Explicit = true)]
    public async Task EveryCodec_IsWritten(VideoCodec codec, string extension, string? format, string expected)
    {
        Assert.SkipUnless(
            await TestMedia.Tools.HasEncoderAsync(SoftwareEncoders.For(codec).Library, TestMedia.Token),
            "SKIPPED: this ffmpeg lacks the encoder."
        );
        var encoding = new VideoEncoding { Codec = codec, PixelFormat = format };
        var result = await RunAsync(samples.Talk, samples.Sound, extension, new LipSyncFileOptions { Encoding = encoding });
        var video = (await MediaProbe.ProbeAsync(result.Output, TestMedia.Token)).RequireVideo();
        Assert.Equal((expected, format ?? (codec == VideoCodec.ProRes ? "yuv422p10le" : "yuv420p")), (video.Codec, video.PixelFormat));
        Assert.Equal(25, (await TestMedia.HashFramesAsync(result.Output, new VideoReadOptions { FrameRate = null })).Count);
    }

    [Theory]
    [InlineData(VideoCodec.ProRes, ".mp4", 360, "cannot hold prores")]
    [InlineData(VideoCodec.Av1, ".MOV", 360, "cannot hold av1")]
    [InlineData(VideoCodec.Av1, ".mp4", 361, "even width")]
    public async Task WhatDoesNotFit_IsRefusedFirst(VideoCodec codec, string extension, int width, string expected)
    {
        var options = new VideoWriteOptions
        {
            Path = "a" + extension,
            Width = width,
            Height = 560,
            Clock = FrameClock.Model,
            Encoding = new VideoEncoding { Codec = codec },
        };
        var error = await Assert.ThrowsAsync<LipSyncException>(() => EncoderTrial.ResolveAsync(TestMedia.Tools, options, TestMedia.Token));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private string Picture(string extension, string filter) =>
        Samples.Make("-i", samples.Talk, "-vf", filter, "-frames:v", "1", _folder.File("picture" + extension));

    private string Tone(string seconds) =>
        Samples.Make("-f", "lavfi", "-i", Invariant($"aevalsrc=0.4*sin(700*t)+0.001:s={Rate}"), "-t", seconds, _folder.File("tone.wav"));

    private string WithTone() =>
        Samples.Make(
            "-i",
            samples.Talk,
            "-f",
            "lavfi",
            "-i",
            Invariant($"aevalsrc='0.3*sin(2764*t)*lt(t,0.6)':s={Rate}"),
            "-t",
            "1.2",
            "-c:v",
            "copy",
            "-c:a",
            "pcm_s16le",
            _folder.File("own.mkv")
        );

    private short[] Sound(string path, int channels = 1)
    {
        var raw = Samples.Make("-i", path, "-map", "0:a:0", "-ac", Invariant($"{channels}"), "-f", "s16le", _folder.File("sound.raw"));
        var sound = MemoryMarshal.Cast<byte, short>(File.ReadAllBytes(raw)).ToArray();
        File.Delete(raw);
        return sound;
    }

    private static double Level(short[] sound) => 10 * Math.Log10(Math.Max(1e-12, sound.Average(sample => sample / 32768.0 * (sample / 32768.0))));

    private Task<LipSyncResult> RunAsync(string video, string sound, string extension, LipSyncFileOptions options)
    {
        var request = new LipSyncRequest
        {
            Video = video,
            Audio = sound,
            Output = _folder.File("result" + extension),
            Options = options with { Sampling = options.Sampling with { InferenceSteps = 1 } },
        };
        return GreyJob.RunAsync(request);
    }
}

using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LatentSync.Imaging;
using LatentSync.Media.Probe;
using LatentSync.Pipeline.FileJob;
using LatentSync.Progress;
using LatentSync.TestKit;
using LatentSync.Timeline;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Pipeline;

/// <summary>A part of a video and a part of a sound are the same frames and samples as in the whole.</summary>
public sealed class ExcerptTests(Samples samples) : IDisposable
{
    private const int Rate = 44100;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>B-frames and few key frames, so that a seek lands elsewhere; variable times; a file that begins later than 0.</summary>
    [Theory]
    [InlineData("-r 25 -g 50 -bf 3", ".mp4", null, 4.2)]
    [InlineData("-r 30000/1001 -g 300", ".mkv", null, 4.21)]
    [InlineData("-r 60 -g 60 -vf select='gt(mod(n*n,7),1)' -fps_mode passthrough", ".mkv", null, 3.33)]
    [InlineData("-r 25 -output_ts_offset 2", ".ts", null, 1.5)]
    [InlineData("-r 30 -g 60 -bf 2", ".mp4", "25", 4.2)]
    [InlineData("-r 25 -bf 0", ".avi", null, 0.02)]
    public async Task VideoStart_LeavesOutWhatIsShownBefore(string encoding, string extension, string? grid, double start)
    {
        var path = await TestMedia.MakeAsync(_folder.File("video" + extension), "-f lavfi -i testsrc2=s=64x48:r=60:d=6 -c:v libx264 " + encoding);
        FrameRate? rate = grid is null ? null : FrameRate.Model;
        var source = await MediaProbe.ProbePicturesAsync(path, TestMedia.Token);
        var clock = rate is { } wanted ? FrameClock.Of(wanted) : source.RequireVideo().SourceClock!.Value;
        var whole = await ReadAsync(source, rate, clock, skipped: 0);
        var part = await ReadAsync(source, rate, clock, start);

        var expected = whole.Where(frame => frame.Seconds >= start - 1e-6).ToList();
        Assert.InRange(expected.Count, 20, whole.Count - 1);
        Assert.Equal(expected.Select(frame => frame.Hash), part.Select(frame => frame.Hash));
        Assert.Equal(0, part[0].Seconds);

        // Where the first comes later than a frame after the start, it stands until then, and what follows stays in step with the sound.
        var begin = expected[0].Seconds - start < 1 / clock.FramesPerSecond ? expected[0].Seconds : start;
        Assert.Equal(expected.Skip(1).Select(frame => frame.Seconds - begin), part.Skip(1).Select(frame => frame.Seconds), (one, other) =>
            Math.Abs(one - other) < 0.0021
        );
    }

    [Fact]
    public async Task AudioDurationAndDelay_AreExactToTheSample()
    {
        const int start = 11113;
        const int length = 20001;
        const int delay = 9001;
        var options = new LipSyncFileOptions
        {
            AudioStart = (double)start / Rate,
            AudioDuration = (double)length / Rate,
            AudioDelay = (double)delay / Rate,
        };
        var result = await RunAsync(samples.Talk, samples.Sound, options);
        var (given, got) = (Sound(samples.Sound), Sound(result.Output));
        Assert.Equal((int)Math.Ceiling((length + delay) * 25.0 / Rate), result.Frames);
        Assert.All(got[..(2 * delay)], sample => Assert.Equal(0, sample));
        Assert.Equal(given[(2 * start)..(2 * (start + length))], got[(2 * delay)..(2 * (delay + length))]);
        Assert.All(got[(2 * (delay + length))..], sample => Assert.Equal(0, sample));
    }

    [Fact]
    public async Task AudioDuration_EndsTheResult()
    {
        var result = await RunAsync(samples.Talk, samples.Sound, new LipSyncFileOptions { AudioDuration = 0.4 });
        Assert.Equal(10, result.Frames);
        Assert.InRange(Sound(result.Output).Length / 2, (int)(0.39 * Rate), (int)(0.45 * Rate));
    }

    /// <summary>The video's own sound is a tone in its first half only.</summary>
    [Fact]
    public async Task VideoStart_SkipsTheVideosOwnSoundToo()
    {
        var video = Samples.Make(
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
        var silence = Samples.Make("-f", "lavfi", "-i", Invariant($"anullsrc=r={Rate}:cl=stereo"), "-t", "0.8", _folder.File("silence.wav"));
        var options = new LipSyncFileOptions
        {
            VideoStart = 0.4,
            MixLevel = 0,
            Timing = new() { Loop = LipSyncLoop.Loop },
        };
        var sound = Sound((await RunAsync(video, silence, options)).Output);
        const int tone = 2 * Rate / 5;
        Assert.Contains(sound[..(tone - 200)], sample => Math.Abs((int)sample) > 5000);
        Assert.All(sound[(tone + 200)..], sample => Assert.InRange((int)sample, -2, 2));
    }

    [Fact]
    public async Task VideoStart_BeyondTheEnd_IsRefused()
    {
        var error = await Assert.ThrowsAsync<LipSyncException>(() => RunAsync(samples.Talk, samples.Sound, new LipSyncFileOptions { VideoStart = 7 }));
        Assert.Equal(LipSyncErrorCode.InvalidOptions, error.Code);
        Assert.Contains("has no frame after that", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VideoStart_OfAPicture_IsRefused()
    {
        var picture = Samples.Make("-i", samples.Talk, "-frames:v", "1", _folder.File("picture.png"));
        var error = await Assert.ThrowsAsync<LipSyncException>(() => RunAsync(picture, samples.Sound, new LipSyncFileOptions { VideoStart = 0.1 }));
        Assert.Equal(LipSyncErrorCode.InvalidOptions, error.Code);
    }

    private static async Task<List<(string Hash, double Seconds)>> ReadAsync(MediaInfo source, FrameRate? rate, FrameClock clock, double skipped)
    {
        var video = source.RequireVideo();
        var reader = await new SourceVideo(source, rate, clock, new WorkTimes(), strict: true, skipped).OpenAsync(0, start: null, limit: null, TestMedia.Token);
        await using var closing = reader;
        var image = new RgbImage(video.DisplayWidth, video.DisplayHeight);
        var frames = new List<(string, double)>();
        while (await reader.ReadAsync(image, TestMedia.Token))
        {
            frames.Add((Convert.ToHexString(SHA256.HashData(image.Pixels)), clock.Time(reader.Start).TotalSeconds));
        }

        return frames;
    }

    private short[] Sound(string path)
    {
        var raw = Samples.Make("-i", path, "-map", "0:a:0", "-ac", "2", "-f", "s16le", _folder.File("sound.raw"));
        return MemoryMarshal.Cast<byte, short>(File.ReadAllBytes(raw)).ToArray();
    }

    private Task<LipSyncResult> RunAsync(string video, string sound, LipSyncFileOptions options)
    {
        var request = new LipSyncRequest
        {
            Video = video,
            Audio = sound,
            Output = _folder.File("result.mkv"),
            Options = options with { Sampling = options.Sampling with { InferenceSteps = 1 } },
        };
        return GreyJob.RunAsync(request);
    }
}

using System.Globalization;
using System.Text;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Formats;
using LatentSync.Media.Probe;
using LatentSync.TestKit;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Pipeline;

/// <summary>The times of the result's frames, as ffprobe reads them, against those of the source; only the networks are stood in for.</summary>
public sealed class FrameRateTests(Samples samples) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly GreyGenerator _generator = new(1);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("24000/1001", LipSyncLoop.PingPong, ".mp4")]
    [InlineData("24", LipSyncLoop.Loop, ".mov")]
    [InlineData("25", LipSyncLoop.PingPong, ".mp4", Explicit = true)]
    [InlineData("30000/1001", LipSyncLoop.PingPong, ".mp4")]
    [InlineData("30", LipSyncLoop.Freeze, ".mp4", Explicit = true)]
    [InlineData("50", LipSyncLoop.Trim, ".mp4", Explicit = true)]
    [InlineData("60", LipSyncLoop.Freeze, ".mov")]
    public async Task AConstantRate_IsKept_TickByTick(string rate, LipSyncLoop loop, string extension)
    {
        Assert.True(FrameRate.TryParse(rate, out var frames));
        var video = Video($"fps={rate}", "source.mp4");
        var (starts, timeBase) = Times(video);
        var result = await RunAsync(video, samples.Sound, extension, new LipSyncFileOptions { Timing = new() { Loop = loop } });
        var source = FrameTimes.Constant(frames, starts.Count);
        var schedule = FrameSchedule.Create(LipSyncLength.Audio, loop, 16000, 16000);
        Assert.Equal(
            Enumerable.Range(0, starts.Count).Select(i => Seconds(i * frames.Denominator, new Rational(1, frames.Numerator))),
            starts.Select(ticks => Seconds(ticks, timeBase))
        );
        AssertTimes(schedule, source, result);
        Assert.Equal(
            (double)frames.Numerator / frames.Denominator,
            (await MediaProbe.ProbeAsync(result.Output, TestMedia.Token)).RequireVideo().AverageFrameRate!.Value.Value,
            9
        );
    }

    /// <summary>Frames that come when they like: the result has them at the same ticks, forward and backward.</summary>
    [Theory]
    [InlineData(".mp4", LipSyncLoop.PingPong)]
    [InlineData(".mov", LipSyncLoop.Loop)]
    [InlineData(".mkv", LipSyncLoop.PingPong)]
    public async Task VariableTimes_AreKept_TickByTick(string extension, LipSyncLoop loop)
    {
        var video = Video(
            "fps=60,settb=1/90000,select='gt(mod(n*n,7),1)',setpts='PTS+floor(random(1)*700)'",
            "source.mp4",
            "-fps_mode",
            "vfr",
            "-enc_time_base",
            "1/90000",
            "-video_track_timescale",
            "90000"
        );
        var (starts, timeBase) = Times(video);
        Assert.True(starts.Zip(starts.Skip(1), (a, b) => b - a).Distinct().Count() > 10);
        var result = await RunAsync(
            video,
            Samples.Make("-stream_loop", "2", "-i", samples.Sound, _folder.File("long.wav")),
            extension,
            new LipSyncFileOptions { Timing = new() { Loop = loop } }
        );
        var source = FrameTimes.Create(timeBase.Denominator, [.. starts.Select(start => start - starts[0])], starts[^1] - starts[0] + starts[^1] - starts[^2]);
        AssertTimes(FrameSchedule.Create(LipSyncLength.Audio, loop, 48000, 16000), source, result);
        Assert.True(result.Frames > 2 * starts.Count);
    }

    [Theory]
    [InlineData("12.5", 13)]
    [InlineData("30000/1001", 30)]
    [InlineData("29.97", 30, Explicit = true)]
    [InlineData("50", 50)]
    public async Task AChosenRate_IsTheResults(string rate, int expected)
    {
        Assert.True(FrameRate.TryParse(rate, out var frames));
        var result = await RunAsync(samples.Talk, samples.Sound, ".mp4", new LipSyncFileOptions { FrameRate = frames });
        Assert.Equal(expected, result.Frames);
        AssertTimes(FrameSchedule.Create(LipSyncLength.Audio, LipSyncLoop.PingPong, 16000, 16000), FrameTimes.Constant(frames, 1000), result);
    }

    /// <summary>The model sees 25 frames a second whatever the video has: 25 for one second, and the sound belongs to them.</summary>
    [Theory]
    [InlineData("fps=60")]
    [InlineData("fps=24")]
    [InlineData("fps=25")]
    [InlineData("fps=10", Explicit = true)]
    public async Task TheModel_SeesTwentyFiveFramesASecond(string filter)
    {
        await RunAsync(Video(filter, "source.mp4"), samples.Sound, ".mp4", new LipSyncFileOptions { Sampling = new() { NumFrames = 32 } });
        Assert.InRange(_generator.ClipLengths.Sum(), 23, 25);
    }

    private static void AssertTimes(FrameSchedule schedule, FrameTimes source, LipSyncResult result)
    {
        var (starts, timeBase) = Times(result.Output);
        var expected = Enumerable
            .Range(0, schedule.FrameCount(source))
            .Select(frame => Seconds(schedule.Start(frame, source), new Rational(1, source.TicksPerSecond)))
            .ToList();
        Assert.Equal(expected.Count, result.Frames);
        var tolerance = result.Output.EndsWith(".mkv", StringComparison.Ordinal) ? 0.0005m : 0;
        Assert.Equal(expected.Count, starts.Count);
        foreach (var (frame, ticks) in starts.Index())
        {
            Assert.InRange(Math.Abs(Seconds(ticks, timeBase) - expected[frame]), 0, tolerance);
        }
    }

    private string Video(string filter, string name, params string[] options) =>
        Samples.Make(["-i", samples.Talk, "-vf", filter, "-c:v", "libx264", "-preset", "veryfast", "-crf", "16", "-bf", "2", .. options, _folder.File(name)]);

    /// <summary>When the frames are shown, in their order.</summary>
    private static (List<long> Starts, Rational TimeBase) Times(string path)
    {
        var tools = MediaTools.Locate();
        var answer = ToolRun
            .RunAsync(
                tools.Launcher,
                tools.FfprobePath,
                ["-v", "error", "-select_streams", "v:0", "-show_entries", "packet=pts:stream=time_base", "-of", "csv=p=0", path],
                1 << 20,
                TestMedia.Token
            )
            .GetAwaiter()
            .GetResult();
        var lines = Encoding
            .ASCII.GetString(answer.Output)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.TrimEnd(','))
            .ToList();
        return (
            [.. lines.Where(line => !line.Contains('/', StringComparison.Ordinal)).Select(line => long.Parse(line, CultureInfo.InvariantCulture)).Order()],
            Rational.Parse(lines.Single(line => line.Contains('/', StringComparison.Ordinal)))!.Value
        );
    }

    // Rounded far below any tick; equal times give equal numbers.
    private static decimal Seconds(long ticks, Rational timeBase) => Math.Round((decimal)ticks * timeBase.Numerator / timeBase.Denominator, 12);

    private Task<LipSyncResult> RunAsync(string video, string sound, string extension, LipSyncFileOptions options)
    {
        var request = new LipSyncRequest
        {
            Video = video,
            Audio = sound,
            Output = _folder.File("result" + extension),
            Options = options with { Sampling = options.Sampling with { InferenceSteps = 1 } },
        };
        return GreyJob.RunAsync(request, _generator);
    }
}

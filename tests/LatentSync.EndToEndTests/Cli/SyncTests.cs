using LatentSync.EndToEndTests.Pipeline;
using LatentSync.Media.Formats;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.TestKit;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Cli;

/// <summary>A video and a sound in, a video out, as a user gets it.</summary>
public sealed class SyncTests(Samples samples) : IDisposable
{
    private const int Resolution = 128;
    private const double UnchangedDecibels = 40;
    private const double RepaintedDecibels = 30;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("result.mkv", Explicit = true)]
    [InlineData("result.mov")]
    public async Task Result_HasTheSizeOfTheVideoAndTheSound(string name)
    {
        await AssertFormatAsync(await SyncAsync(samples.Talk, samples.Sound, name));
        Assert.Equal([_folder.File(name)], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task OnlyTheMouth_IsPaintedAnew()
    {
        var output = await SyncAsync(samples.Talk, samples.Sound, "result.mp4", "--inference-steps", "2", "--lips-expression", "1.5");
        await AssertFormatAsync(output);
        var source = await TestMedia.ReadFramesAsync(samples.Talk, new VideoReadOptions());
        var result = await TestMedia.ReadFramesAsync(output, new VideoReadOptions());
        Assert.Equal(Samples.SoundFrames, result.Count);
        var areas = FaceAreas.Of(source, Samples.Width, Samples.Height, Resolution);
        var outside = result.Select((frame, i) => FrameComparison.PsnrOutside(source[i], frame, Samples.Width, areas[i])).ToList();
        var inside = result.Select((frame, i) => FrameComparison.PsnrInside(source[i], frame, Samples.Width, areas[i])).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(
            Invariant($"Outside the face crop: {outside.Min():0.0} to {outside.Max():0.0} dB, mean {outside.Average():0.0}; ")
                + Invariant($"inside: {inside.Min():0.0} to {inside.Max():0.0} dB.")
        );
        Assert.All(outside, decibels => Assert.InRange(decibels, UnchangedDecibels, double.PositiveInfinity));
        Assert.All(inside, decibels => Assert.InRange(decibels, 0, RepaintedDecibels));
    }

    /// <summary>With a memory preset, DeepCache and two clips, each sampler paints other mouths, and no frame else.</summary>
    [Fact(Explicit = true)]
    public async Task SamplersAndABand_PaintOtherMouths()
    {
        var source = await TestMedia.ReadFramesAsync(samples.Talk, new VideoReadOptions());
        var areas = FaceAreas.Of(source, Samples.Width, Samples.Height, Resolution);
        var results = new List<IReadOnlyList<byte[]>>();
        string[][] samplings =
        [
            ["ddim"],
            ["dpmpp_2m"],
            ["uni_pc"],
            ["uni_pc", "--guidance-to", "0.5"],
        ];
        foreach (var (index, sampling) in samplings.Index())
        {
            string[] arguments = ["--vram", "low", "--inference-steps", "4", "--lips-expression", "1.5", "--sampler", .. sampling];
            var frames = await TestMedia.ReadFramesAsync(
                await SyncAsync(samples.Talk, samples.Sound, Invariant($"{index}.mp4"), arguments),
                new VideoReadOptions()
            );
            Assert.Equal(Samples.SoundFrames, frames.Count);
            Assert.All(frames.Index(), frame =>
                Assert.InRange(
                    FrameComparison.PsnrOutside(source[frame.Index], frame.Item, Samples.Width, areas[frame.Index]),
                    UnchangedDecibels,
                    double.PositiveInfinity
                )
            );
            Assert.All(results, other => Assert.NotEqual(other[0], frames[0]));
            results.Add(frames);
        }
    }

    [Fact(Explicit = true)]
    public async Task RotatedVideo_ComesOutUpright()
    {
        var lying = Samples.Make("-i", samples.Talk, "-vf", "transpose=cclock", "-c:v", "libx264", "-crf", "12", _folder.File("lying.mp4"));
        TestMedia.SetRotation(lying, 90);
        var output = await SyncAsync(lying, samples.Sound, "result.mp4");
        var video = (await MediaProbe.ProbeAsync(output, TestMedia.Token)).RequireVideo();
        Assert.Equal((Samples.Width, Samples.Height, 0), (video.Width, video.Height, video.Rotation));
        var source = await TestMedia.ReadFramesAsync(samples.Talk, new VideoReadOptions());
        var result = await TestMedia.ReadFramesAsync(output, new VideoReadOptions());
        var areas = FaceAreas.Of(source, Samples.Width, Samples.Height, Resolution);
        Assert.All(result.Index(), frame =>
            Assert.InRange(
                FrameComparison.PsnrOutside(source[frame.Index], frame.Item, Samples.Width, areas[frame.Index]),
                UnchangedDecibels - 3,
                double.PositiveInfinity
            )
        );
    }

    [Fact]
    public async Task Parity_HasTheFramesOfTheReference()
    {
        // 50 rows of features in a second of sound, two a frame, and the two frames that the reference continues.
        const int frames = Samples.SoundFrames + 2;
        var output = await SyncAsync(samples.Talk, samples.Sound, "result.mp4", "--parity");
        Assert.Equal(frames, (await TestMedia.HashFramesAsync(output, new VideoReadOptions { FrameRate = null })).Count);
    }

    [Fact]
    public async Task OneFrame_IsAVideoToo()
    {
        var still = Samples.Make("-i", samples.Talk, "-frames:v", "1", "-c:v", "libx264", _folder.File("still.mp4"));
        var output = await SyncAsync(still, samples.Sound, "result.mp4");
        Assert.Equal(Samples.SoundFrames, (await TestMedia.HashFramesAsync(output, new VideoReadOptions())).Count);
    }

    private static async Task AssertFormatAsync(string output)
    {
        var media = await MediaProbe.ProbeAsync(output, TestMedia.Token);
        var (video, sound) = (media.RequireVideo(), media.RequireAudio());
        Assert.Equal((Samples.Width, Samples.Height), (video.DisplayWidth, video.DisplayHeight));
        Assert.Equal((44100, 2), (sound.SampleRate, sound.Channels));
        Assert.Equal(new Rational(Samples.FramesPerSecond, 1), video.AverageFrameRate);
        Assert.InRange(media.Duration!.Value.TotalSeconds, 1 - (1.0 / Samples.FramesPerSecond), 1 + (1.0 / Samples.FramesPerSecond));
    }

    private async Task<string> SyncAsync(string video, string sound, string name, params string[] more)
    {
        var output = _folder.File(name);
        string[] quick = ["--inference-steps", "1", "--lips-expression", "1"];
        var result = await CliRun.RunAsync([
            "sync",
            "--video",
            video,
            "--audio",
            sound,
            "--out",
            output,
            "--models",
            samples.Models,
            .. more.Contains("--inference-steps") ? more : [.. quick, .. more],
        ]);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Empty(result.ErrorLines);
        Assert.StartsWith(output, result.Output, StringComparison.Ordinal);
        return output;
    }
}

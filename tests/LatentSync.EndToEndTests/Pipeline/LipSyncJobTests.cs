using LatentSync.Faces.Tracking;
using LatentSync.Media.Read;
using LatentSync.TestKit;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Pipeline;

/// <summary>The way of the frames with real video, real sound and real faces; only the networks are stood in for.</summary>
public sealed class LipSyncJobTests(Samples samples) : IDisposable
{
    private const int Steps = 3;

    private readonly TemporaryFolder _folder = new();
    private readonly GreyGenerator _generator = new(Steps);

    private string Output => _folder.File("result.mp4");

    public void Dispose() => _folder.Dispose();

    /// <summary>Outside the face every frame is the one of the source that is due, and not one beside it.</summary>
    [Fact]
    public async Task LongerSound_PlaysTheVideoForwardAndBackward()
    {
        const int count = 130;
        const double margin = 6;
        var result = await RunAsync(samples.Marked, Speech("5.2"), frames: 16);
        Assert.Equal(count, result.Frames);

        var source = await TestMedia.ReadFramesAsync(samples.Marked, new VideoReadOptions());
        var frames = await TestMedia.ReadFramesAsync(Output, new VideoReadOptions());
        Assert.Equal((Samples.MarkedFrames, count), (source.Count, frames.Count));
        var areas = FaceAreas.Of(source, Samples.Width, Samples.Height, _generator.Resolution);
        var worst = double.PositiveInfinity;
        for (var i = 0; i < count; i++)
        {
            var (pass, place) = (i / source.Count, i % source.Count);
            var due = pass % 2 == 0 ? place : source.Count - 1 - place;
            var right = Psnr(due);
            var beside = Math.Max(Psnr(Math.Max(0, due - 1), other: due), Psnr(Math.Min(source.Count - 1, due + 1), other: due));
            Assert.True(right > beside + margin, Invariant($"Frame {i}: {right:0.0} dB to frame {due}, {beside:0.0} dB to one beside it."));
            worst = Math.Min(worst, right - beside);

            double Psnr(int index, int other = -1) => index == other ? 0 : FrameComparison.PsnrOutside(source[index], frames[i], Samples.Width, areas[due]);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(Invariant($"The frame that is due is at least {worst:0.0} dB nearer than the ones beside it."));
    }

    [Theory]
    [InlineData(4, new[] { 4, 4, 4, 4, 4, 4, 1 })]
    [InlineData(8, new[] { 8, 8, 8, 1 }, Explicit = true)]
    [InlineData(16, new[] { 16, 9 })]
    [InlineData(24, new[] { 24, 1 }, Explicit = true)]
    [InlineData(28, new[] { 12, 13 })]
    public async Task Clips_HaveTheWantedLength(int wanted, int[] expected)
    {
        var result = await RunAsync(samples.Talk, samples.Sound, wanted);
        Assert.Equal(expected, _generator.ClipLengths);
        Assert.Equal((Samples.SoundFrames, Samples.SoundFrames, 0), (result.Frames, result.SyncedFrames, result.FramesWithoutFace));
    }

    [Fact]
    public async Task LongClips_RunAsTwo()
    {
        await RunAsync(samples.Marked, Speech("2.24"), frames: 28);
        Assert.Equal([14, 14, 14, 14], _generator.ClipLengths);
    }

    /// <summary>Nothing of a frame without a face changes, no clip spans it, and the job continues.</summary>
    [Fact]
    public async Task FramesWithoutAFace_PassThrough()
    {
        const int first = 10;
        const int last = 16;
        const double unchanged = 38;
        var video = Samples.Make(
            "-i",
            samples.Talk,
            "-vf",
            Invariant($"drawbox=color=gray:t=fill:enable='between(n,{first},{last})'"),
            "-c:v",
            "libx264",
            "-crf",
            "12",
            _folder.File("hidden.mp4")
        );
        var result = await RunAsync(video, samples.Sound, frames: 8);
        Assert.Equal([8, 2, 8], _generator.ClipLengths);
        Assert.Equal((Samples.SoundFrames, 18, 7), (result.Frames, result.SyncedFrames, result.FramesWithoutFace));

        var source = await TestMedia.ReadFramesAsync(video, new VideoReadOptions());
        var frames = await TestMedia.ReadFramesAsync(Output, new VideoReadOptions());
        var alike = frames.Select((frame, i) => TestMedia.Psnr(source[i], frame)).ToList();

        // Beside them the painted mouth fades.
        const int fade = GapPlanner.FadeFrames;
        Assert.All(alike.Index().Where(frame => frame.Index is < first - fade or >= first and <= last or > last + fade), frame =>
            Assert.Equal(frame.Index is >= first and <= last, frame.Item > unchanged)
        );
    }

    [Fact]
    public async Task Progress_EndsComplete()
    {
        var reports = new List<LipSyncProgress>();
        await RunAsync(samples.Talk, samples.Sound, frames: 28, new Recorder(reports));
        var last = reports.GroupBy(report => report.Stage).ToDictionary(stage => stage.Key, stage => (stage.Last().Done, stage.Last().Total));
        Assert.Equal((2, 2), last[LipSyncStage.Prepare]);
        Assert.Equal((Samples.SoundFrames, Samples.SoundFrames), last[LipSyncStage.Faces]);
        Assert.Equal((Samples.SoundFrames * Steps, Samples.SoundFrames * Steps), last[LipSyncStage.Diffusion]);
        Assert.Equal((Samples.SoundFrames, Samples.SoundFrames), last[LipSyncStage.Output]);
    }

    private string Speech(string seconds) => Samples.Make("-i", samples.LongSound, "-t", seconds, _folder.File("speech.wav"));

    private Task<LipSyncResult> RunAsync(string video, string sound, int frames, IProgress<LipSyncProgress>? progress = null)
    {
        var request = new LipSyncRequest
        {
            Video = video,
            Audio = sound,
            Output = Output,
            Options = new LipSyncFileOptions
            {
                Sampling = new() { NumFrames = frames, InferenceSteps = Steps },
            },
        };
        return GreyJob.RunAsync(request, _generator, progress);
    }

    private sealed class Recorder(List<LipSyncProgress> reports) : IProgress<LipSyncProgress>
    {
        public void Report(LipSyncProgress value)
        {
            lock (reports)
            {
                reports.Add(value);
            }
        }
    }
}

using LatentSync.Media.Read;
using LatentSync.Pipeline.Analysis;
using LatentSync.Pipeline.FileJob;
using LatentSync.Pipeline.Segments;
using LatentSync.Pipeline.Stages;
using LatentSync.Progress;
using LatentSync.TestKit;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Pipeline;

/// <summary>A job in one piece, and the same as analysis, segments in reverse order, and their joining.</summary>
public sealed class SplitJobTests(Samples samples) : IDisposable
{
    private const string Variable = "fps=60,settb=1/90000,select='gt(mod(n*n,7),1)',setpts='PTS+floor(random(1)*700)'";
    private static readonly TimeSpan Part = TimeSpan.FromSeconds(0.6);
    private static readonly (string, int) Model = ("none", new TellingGenerator().Resolution);

    private static readonly Dictionary<string, (string Filter, LipSyncFileOptions Options)> Jobs = new(StringComparer.Ordinal)
    {
        ["25, forward and backward"] = ("fps=25", new()),
        ["29.97, over and over"] = ("fps=30000/1001", new() { Timing = new() { Loop = LipSyncLoop.Loop } }),
        ["29.97, stands still"] = ("fps=30000/1001", new() { Timing = new() { Loop = LipSyncLoop.Freeze } }),
        ["variable"] = (Variable, new()),
        ["variable, as long as the video"] = (Variable, new() { Timing = new() { Length = LipSyncLength.Video } }),
        ["24 as 30"] = ("fps=24", new() { FrameRate = new FrameRate(30, 1) }),
        ["variable as 25, begins later, mixed"] = (Variable, new() { FrameRate = FrameRate.Model, AudioStart = 0.37 }),
        ["60, clips longer than the network's"] = ("fps=60", new() { Sampling = new() { NumFrames = 28 } }),
        ["quiet"] = (
            "fps=25",
            new()
            {
                Sound = new() { QuietMouth = QuietMouth.Source, QuietAfter = 0.5 },
            }
        ),
        ["everybody, silence after the sound"] = (
            "fps=25",
            new()
            {
                Faces = new() { Face = FaceChoice.All },
                Timing = new() { SilentPadding = 0.5 },
            }
        ),
        ["gaps"] = ("fps=25,drawbox=color=gray:t=fill:enable='between(n,6,8)+between(n,14,22)'", new() { Faces = new() { BridgeFrames = 4 } }),
        ["no face"] = ("fps=25,drawbox=color=gray:t=fill", new()),
        ["parity"] = ("fps=25", new() { Parity = true }),
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names { get; } = [.. Jobs.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task InSegments_TheResultIsTheSame(string name)
    {
        var (filter, options) = Jobs[name];
        var request = Request(
            Video(filter),
            name.StartsWith("quiet", StringComparison.Ordinal)
                ? Samples.Make("-i", samples.LongerSound, "-af", "volume=0:enable='between(t,0.8,1.9)'", _folder.File("pause.wav"))
                : samples.LongerSound,
            _folder.File("whole.mp4"),
            options.Sampling.NumFrames == 16 ? options with { Sampling = new() { NumFrames = 4 } } : options
        );
        var expected = await new LipSyncJob(
            request,
            new TellingEncoder(),
            new TellingGenerator(),
            Faces,
            progress: null,
            new WorkTimes(),
            new JobSettings { SegmentDuration = Part }
        ).RunAsync(TestMedia.Token);

        var joined = request with { Output = _folder.File("joined.mp4") };
        var analysis = await AnalyzeAsync(joined);
        var parts = Enumerable.Range(0, analysis.Segments.Count).Select(i => _folder.File(Invariant($"part {i} of 'it'.mp4"))).ToList();
        foreach (var i in Enumerable.Range(0, parts.Count).Reverse())
        {
            var part = await SegmentAsync(joined, i, parts[i]);
            Assert.Equal((analysis.Segments[i].Frames, analysis.Segments[i].SyncedFrames), (part.Frames, part.SyncedFrames));
        }

        var result = await new JoinJob(joined, notice: null).RunAsync(Plan, parts, TestMedia.Token);
        Assert.Equal(expected with { Output = result.Output, Elapsed = result.Elapsed, Times = result.Times }, result);
        Assert.True(analysis.Segments.Count > 1 || name == "no face");
        Assert.Equal(File.ReadAllBytes(expected.Output), File.ReadAllBytes(result.Output));
    }

    private static FaceFinder Faces => new(insightFaceFolder: null);

    private string Plan => _folder.File("plan");

    private static LipSyncRequest Request(string video, string audio, string output, LipSyncFileOptions options) =>
        new()
        {
            Video = video,
            Audio = audio,
            Output = output,
            Options = options,
        };

    private Task<LipSyncAnalysis> AnalyzeAsync(LipSyncRequest request) =>
        new AnalysisJob(request, Model, Faces, progress: null, Part).RunAsync(Plan, TestMedia.Token);

    private async Task<LipSyncSegmentResult> SegmentAsync(LipSyncRequest request, int segment, string path)
    {
        var stages = new FlowStages(request.Options, new TellingEncoder(), new TellingGenerator(), Faces, Progress: null, new WorkTimes());
        var job = await OpenedJob.OpenAsync(request, Plan, Model, stages, TestMedia.Token);
        return await new SegmentJob(request, job, stages).RunAsync(segment, path, TestMedia.Token);
    }

    private string Video(string filter) =>
        Samples.Make(
            "-i",
            samples.Marked,
            "-vf",
            filter + ",trim=end=1.2",
            "-fps_mode",
            "vfr",
            "-enc_time_base",
            "1/90000",
            "-video_track_timescale",
            "90000",
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-crf",
            "16",
            _folder.File("source.mp4")
        );
}

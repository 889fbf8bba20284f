using LatentSync.Backends;
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
    private static readonly TimeSpan Part = TimeSpan.FromSeconds(0.5);
    private static readonly (string, int) Model = ("none", new TellingGenerator().Resolution);

    private static readonly Dictionary<string, (string Filter, LipSyncFileOptions Options)> Jobs = new(StringComparer.Ordinal)
    {
        ["29.97, forward and backward"] = ("fps=30000/1001", new()),
        ["variable, over and over, begins later"] = (
            Variable,
            new()
            {
                Timing = new() { Loop = LipSyncLoop.Loop },
                AudioStart = 0.37,
            }
        ),
        ["60 as 25, as long as the video"] = (
            "fps=60",
            new()
            {
                FrameRate = FrameRate.Model,
                Timing = new() { Length = LipSyncLength.Video },
            }
        ),
        ["pauses, stands still"] = (
            "fps=25",
            new()
            {
                Sound = new() { QuietMouth = QuietMouth.Source, QuietAfter = 0.5 },
                Timing = new() { Loop = LipSyncLoop.Freeze },
            }
        ),
        ["everybody, gaps, silence after the sound"] = (
            "fps=25,drawbox=color=gray:t=fill:enable='between(n,6,8)+between(n,12,18)'",
            new()
            {
                Faces = new() { Face = FaceChoice.All, BridgeFrames = 4 },
                Timing = new() { SilentPadding = 0.3 },
            }
        ),
        ["29.97, from within the video"] = (
            "fps=30000/1001",
            new()
            {
                VideoStart = 0.45,
                AudioDelay = 0.2,
                AudioDuration = 1.1,
            }
        ),
        ["30 as 25, from within the video, over and over"] = (
            "fps=30",
            new()
            {
                FrameRate = FrameRate.Model,
                VideoStart = 0.61,
                Timing = new() { Loop = LipSyncLoop.Loop },
            }
        ),
        ["no face"] = ("fps=25,drawbox=color=gray:t=fill", new()),
        ["parity"] = ("fps=25", new() { Parity = true }),
    };

    private readonly TemporaryFolder _folder = new();

    // Excerpts, gaps, pauses, another rate, a loop, no face and parity are each in one of these; the others are explicit.
    private static readonly string[] Quick =
    [
        "pauses, stands still",
        "everybody, gaps, silence after the sound",
        "29.97, from within the video",
        "30 as 25, from within the video, over and over",
        "no face",
        "parity",
    ];

    public static TheoryData<string> Names { get; } = [.. Jobs.Keys.Select(name => new TheoryDataRow<string>(name) { Explicit = !Quick.Contains(name) })];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task InSegments_TheResultIsTheSame(string name)
    {
        var (filter, options) = Jobs[name];
        var request = Request(
            Video(filter),
            Samples.Make(
                "-i",
                samples.LongerSound,
                "-t",
                "1.7",
                "-af",
                name.StartsWith("pauses", StringComparison.Ordinal) ? "volume=0:enable='between(t,0.4,1.3)'" : "anull",
                _folder.File("sound.wav")
            ),
            _folder.File("whole.mp4"),
            options with
            {
                Sampling = new() { NumFrames = 4 },
            }
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
        var job = await OpenAsync(joined, new TellingGenerator());
        foreach (var i in Enumerable.Range(0, parts.Count).Reverse())
        {
            var part = await new SegmentJob(joined, job.Job, job.Stages).RunAsync(i, parts[i], TestMedia.Token);
            Assert.Equal((analysis.Segments[i].Frames, analysis.Segments[i].SyncedFrames), (part.Frames, part.SyncedFrames));
        }

        var result = await new JoinJob(joined, notice: null).RunAsync(Plan, parts, TestMedia.Token);
        Assert.Equal(expected with { Output = result.Output, Elapsed = result.Elapsed, Times = result.Times }, result);
        Assert.True(analysis.Segments.Count > 1 || name == "no face");
        Assert.Equal(File.ReadAllBytes(expected.Output), File.ReadAllBytes(result.Output));
    }

    /// <summary>A segment that was stopped or has failed is not there, and the one that was there before still is.</summary>
    [Fact]
    public async Task AStoppedSegment_LeavesNothing()
    {
        var folder = Directory.CreateDirectory(_folder.File("parts")).FullName;
        var request = Request(samples.Talk, samples.Sound, _folder.File("r.mp4"), new() { Sampling = new() { NumFrames = 4 } });
        await AnalyzeAsync(request);
        using var stop = new CancellationTokenSource();
        var stopped = await OpenAsync(request, new TellingGenerator { Work = clip => Stop(clip, stop.Cancel) });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new SegmentJob(request, stopped.Job, stopped.Stages).RunAsync(0, Path.Combine(folder, "0.mp4"), stop.Token)
        );
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));

        File.WriteAllText(Path.Combine(folder, "0.mp4"), "before");
        var failing = await OpenAsync(
            request,
            new TellingGenerator { Work = clip => Stop(clip, () => throw new LipSyncException(LipSyncErrorCode.InferenceFailed, $"broken")) }
        );
        var error = await Assert.ThrowsAsync<LipSyncException>(() =>
            new SegmentJob(request, failing.Job, failing.Stages).RunAsync(0, Path.Combine(folder, "0.mp4"), TestMedia.Token)
        );
        Assert.Equal(LipSyncErrorCode.InferenceFailed, error.Code);
        Assert.Equal("before", File.ReadAllText(Assert.Single(Directory.EnumerateFileSystemEntries(folder))));

        static void Stop(int clip, Action stop)
        {
            if (clip == 2)
            {
                stop();
            }
        }
    }

    /// <summary>What is joined has to be what was made: parts that are missing, changed places or are something else are refused.</summary>
    [Fact]
    public async Task WrongParts_AreRefused()
    {
        var request = Request(samples.Talk, samples.Sound, _folder.File("r.mp4"), new() { Sampling = new() { NumFrames = 4 } });
        var analysis = await AnalyzeAsync(request);
        Assert.Equal([16, 9], analysis.Segments.Select(segment => segment.Frames));
        string[] parts = [_folder.File("0.mp4"), _folder.File("1.mp4")];
        var (job, stages) = await OpenAsync(request, new TellingGenerator());
        for (var i = 0; i < parts.Length; i++)
        {
            await new SegmentJob(request, job, stages).RunAsync(i, parts[i], TestMedia.Token);
        }

        await RefusedAsync(LipSyncErrorCode.InvalidOptions, "has 2 segments, but 1 files were named", parts[0]);
        await RefusedAsync(LipSyncErrorCode.InvalidInput, "is not a segment of this job with 16 frames of 360x560", parts[1], parts[0]);
        await RefusedAsync(LipSyncErrorCode.InvalidInput, "is not a segment of this job", parts[0], samples.Sound);
        await RefusedAsync(LipSyncErrorCode.InvalidInput, "does not exist", parts[0], _folder.File("2.mp4"));
        File.WriteAllText(request.Output, "there");
        await RefusedAsync(LipSyncErrorCode.OutputFailed, "exists already", parts);
        Assert.Equal("there", File.ReadAllText(request.Output));
        Assert.Equal(
            ["0.mp4", "1.mp4", "plan", "r.mp4"],
            Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        var beyond = await Assert.ThrowsAsync<LipSyncException>(() => new SegmentJob(request, job, stages).RunAsync(2, parts[0], TestMedia.Token));
        Assert.Equal("The segment is 2, but the job has the segments 0 to 1; choose one of these.", beyond.Message);

        async Task RefusedAsync(LipSyncErrorCode code, string words, params string[] given)
        {
            var error = await Assert.ThrowsAsync<LipSyncException>(() => new JoinJob(request, notice: null).RunAsync(Plan, given, TestMedia.Token));
            Assert.Equal(code, error.Code);
            Assert.Contains(words, error.Message, StringComparison.Ordinal);
        }
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

    private async Task<(OpenedJob Job, FlowStages Stages)> OpenAsync(LipSyncRequest request, IFaceGenerator generator)
    {
        var stages = new FlowStages(request.Options, new TellingEncoder(), generator, Faces, Progress: null, new WorkTimes());
        return (await OpenedJob.OpenAsync(request, Plan, Model, stages, TestMedia.Token), stages);
    }

    private string Video(string filter) =>
        Samples.Make(
            "-i",
            samples.Marked,
            "-vf",
            filter + ",trim=end=0.9",
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

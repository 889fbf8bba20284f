using LatentSync.Media.Read;
using LatentSync.Pipeline.FramesJob;
using LatentSync.Pipeline.Stages;
using LatentSync.Progress;
using LatentSync.TestKit;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Pipeline;

/// <summary>Faces looked for on one frame at a time and on four at once: every crop and every frame of the result are the same.</summary>
public sealed class FacesAheadTests(Samples samples) : IDisposable
{
    private const int AtOnce = 4;
    private const int Resolution = 128;
    private const string Sound = "3";
    private const int Frames = 75;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Speakers { get; } = TestKit.TestMedia.Talk1 is { } real ? [TestKit.TestMedia.Speaker, real] : [TestKit.TestMedia.Speaker];

    [Theory(Explicit = true)]
    [MemberData(nameof(Speakers))]
    public Task ASpeaker(string video) => AssertSameAsync(video, new LipSyncFileOptions());

    [Fact(Explicit = true)]
    public Task AHeadTurnedAside_AndBackAgain() =>
        AssertSameAsync(TestKit.TestMedia.Turned, new LipSyncFileOptions { Timing = new() { Loop = LipSyncLoop.PingPong } });

    [Fact(Explicit = true)]
    public Task InParity() => AssertSameAsync(Scenes(), new LipSyncFileOptions { Parity = true });

    /// <summary>Two people side by side, then a cut to one of them, who is covered for a while and then gone; then both again.</summary>
    [Theory(Explicit = true)]
    [InlineData("largest")]
    [InlineData("left:2")]
    [InlineData("point:640,250@10")]
    [InlineData("all")]
    public Task ScenesWithCuts(string choice) => AssertSameAsync(Scenes(), new LipSyncFileOptions { Faces = new() { Face = FaceChoice.Parse(choice) } });

    [Fact(Explicit = true)]
    public Task ThePersonOfAPicture()
    {
        var picture = Samples.Make("-i", TestKit.TestMedia.Second, "-ss", "2.5", "-frames:v", "1", _folder.File("man.png"));
        return AssertSameAsync(Scenes(), new LipSyncFileOptions { Faces = new() { Face = FaceChoice.Like(picture) } });
    }

    [Fact(Explicit = true)]
    public async Task FramesInMemory()
    {
        var source = await TestMedia.ReadFramesAsync(Scenes(), new VideoReadOptions());
        var one = await RunInMemoryAsync(source, framesAtOnce: 1);
        var several = await RunInMemoryAsync(source, AtOnce);
        Assert.Equal(one.Shown, several.Shown);
        Assert.Equal(one.Told, several.Told);
        Assert.Equal(one.Written.Count, several.Written.Count);
        Assert.All(one.Written.Zip(several.Written), pair => Assert.Equal(pair.First, pair.Second));
    }

    private string Scenes() =>
        Samples.Make(
            "-i",
            Samples.CloseUp(_folder.File("woman.mp4"), Invariant($"trim=end_frame={Frames},setpts=PTS-STARTPTS")),
            "-i",
            TestKit.TestMedia.Second,
            "-filter_complex",
            "[0:v][1:v]hstack=shortest=1[both];[both]split[a][b];"
                + "[b]crop=360:560:360:0,scale=720:560,drawbox=color=red:t=fill:enable='between(n,34,36)+between(n,44,52)'[one];"
                + "[a][one]overlay=enable='between(n,25,55)'",
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-crf",
            "12",
            _folder.File("scenes.mp4")
        );

    private async Task AssertSameAsync(string video, LipSyncFileOptions options)
    {
        var one = await RunAsync(video, options, framesAtOnce: 1);
        var several = await RunAsync(video, options, AtOnce);
        Assert.Equal(one.Counts, several.Counts);
        Assert.Equal(one.Shown, several.Shown);
        Assert.Equal(one.Notices, several.Notices);
        Assert.Equal(one.Written.Count, several.Written.Count);
        Assert.All(one.Written.Zip(several.Written), pair => Assert.True(pair.First.AsSpan().SequenceEqual(pair.Second)));
        Assert.NotEmpty(one.Shown);
    }

    private async Task<(string Counts, List<string> Shown, List<string> Notices, IReadOnlyList<byte[]> Written)> RunAsync(
        string video,
        LipSyncFileOptions options,
        int framesAtOnce
    )
    {
        var (generator, notices) = (new RecordingGenerator(Resolution), new List<string>());
        var request = new LipSyncRequest
        {
            Video = video,
            Audio = Samples.Make("-i", samples.LongSound, "-t", Sound, _folder.File("speech.wav")),
            Output = _folder.File(Invariant($"result-{framesAtOnce}.mp4")),
            Options = options with { Sampling = options.Sampling with { InferenceSteps = 1 } },
        };
        var result = await GreyJob.RunAsync(request, generator, notice: notice => notices.Add(Invariant(notice)), framesAtOnce: framesAtOnce);
        var counts = Invariant($"{result.Frames} {result.SyncedFrames} {result.BridgedFrames} {result.FramesWithoutFace} {result.FramesTurnedAway} ");
        return (counts + Invariant($"{result.SceneCuts}"), generator.Shown, notices, await TestMedia.ReadFramesAsync(request.Output, new VideoReadOptions()));
    }

    private static async Task<(List<string> Shown, List<string> Told, List<byte[]> Written)> RunInMemoryAsync(List<byte[]> source, int framesAtOnce)
    {
        var (generator, written, told) = (new RecordingGenerator(Resolution), new List<byte[]>(), new List<string>());
        var request = new LipSyncFramesRequest
        {
            Width = 2 * Samples.Width,
            Height = Samples.Height,
            Frames = source.Count,
            FrameRate = FrameRate.Model,
            Sound = new LipSyncSound(new float[16000 * 4], 16000),
            Read = (index, pixels, _) =>
            {
                source[index].CopyTo(pixels);
                return ValueTask.CompletedTask;
            },
            Write = (frame, _) =>
            {
                written.Add(frame.Pixels.ToArray());
                return ValueTask.CompletedTask;
            },
            Faces = found => told.Add(Invariant($"{found.Frame}: {string.Join("; ", found.Faces)}")),
        };
        var stages = new FlowStages(
            request.Options,
            new DeafEncoder(),
            generator,
            new FaceFinder(insightFaceFolder: null, framesAtOnce),
            Progress: null,
            new WorkTimes()
        );
        await new LipSyncFramesJob(request, stages).RunAsync(TestMedia.Token);
        return (generator.Shown, told, written);
    }
}

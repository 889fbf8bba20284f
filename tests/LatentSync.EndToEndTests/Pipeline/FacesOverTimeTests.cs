using LatentSync.Faces.MediaPipe;
using LatentSync.Imaging;
using LatentSync.Media.Read;
using LatentSync.TestKit;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Pipeline;

/// <summary>Films of rendered people: cuts, a covered face, two people, a turned head. Only the network that paints is stood in for.</summary>
public sealed class FacesOverTimeTests(Samples samples) : IDisposable
{
    private const int Steps = 1;
    private const int Frames = 75;
    private const string Sound = "3";

    // What one encoding with x264's default leaves of a frame nobody painted, and what grey paint leaves of a mouth.
    private const double Unchanged = 38;
    private const double Painted = 36;

    private readonly TemporaryFolder _folder = new();
    private readonly GreyGenerator _generator = new(Steps);

    private string Output => _folder.File("result.mp4");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ACut_EndsTheClip()
    {
        var video = Film("hflip=enable='gte(n,30)'");
        var result = await RunAsync(video, new LipSyncFileOptions());
        Assert.Equal((Frames, 0, 0, 0, 1), Counts(result));
        Assert.Equal([16, 14, 16, 16, 13], _generator.ClipLengths);
    }

    /// <summary>After a cut to somebody else, the newcomer is the largest face, and is painted from the first frame on.</summary>
    [Fact]
    public async Task ACutToSomebodyElse_EndsTheClip()
    {
        const int before = 40;
        var video = Samples.Make(
            "-i",
            Film("null"),
            "-i",
            TestKit.TestMedia.Second,
            "-filter_complex",
            Invariant($"[0:v]trim=end_frame={before}[a];[1:v]trim=end_frame={Frames - before}[b];[a][b]concat"),
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-crf",
            "12",
            _folder.File("cut.mp4")
        );
        var result = await RunAsync(video, new LipSyncFileOptions());
        Assert.Equal((Frames, 0, 0, 0, 1), Counts(result));
        Assert.Equal([16, 16, 8, 16, 16, 3], _generator.ClipLengths);
        Assert.All(await AlikeAsync(video), decibels => Assert.InRange(decibels, 0, Painted));
    }

    /// <summary>A head turned by 65 degrees has no mouth to paint: those frames pass, the ones that look at the camera are painted.</summary>
    [Fact]
    public async Task AHeadTurnedAside_PassesThrough()
    {
        const int frames = 60;
        var result = await RunAsync(TestKit.TestMedia.Turned, new LipSyncFileOptions { Timing = new() { Length = LipSyncLength.Video } });
        Assert.Equal(frames, result.Frames);
        Assert.InRange(result.FramesTurnedAway, 12, 24);
        Assert.Equal(frames, result.SyncedFrames + result.FramesTurnedAway);
        var alike = await AlikeAsync(TestKit.TestMedia.Turned);
        Assert.All(alike[25..36], decibels => Assert.InRange(decibels, Unchanged, double.PositiveInfinity));
        Assert.All([.. alike[..15], .. alike[^5..]], decibels => Assert.InRange(decibels, 0, Painted));
    }

    [Fact]
    public async Task InParity_TheClipGoesOnOverTheCut()
    {
        var result = await RunAsync(Film("hflip=enable='gte(n,30)'"), new LipSyncFileOptions { Parity = true });
        Assert.Equal(0, result.SceneCuts);
        Assert.Equal([16, 16, 16, 16, 13], _generator.ClipLengths);
    }

    [Fact]
    public async Task AFaceCoveredForThreeFrames_IsBridged()
    {
        var video = Film(Cover(20, 22));
        var result = await RunAsync(video, new LipSyncFileOptions());
        Assert.Equal((Frames, 3, 0, 0, 0), Counts(result));
        Assert.Equal([16, 16, 16, 16, 11], _generator.ClipLengths);
        var alike = await AlikeAsync(video);
        Assert.All(alike, decibels => Assert.InRange(decibels, 0, Painted));
    }

    [Fact]
    public async Task AFaceCoveredForFortyFrames_PassesThrough()
    {
        var video = Film(Cover(20, 59));
        var result = await RunAsync(video, new LipSyncFileOptions());
        Assert.Equal((Frames - 40, 0, 40, 0, 0), Counts(result));
        Assert.Equal([16, 4, 15], _generator.ClipLengths);
        var alike = await AlikeAsync(video);
        Assert.All(alike[20..60], decibels => Assert.InRange(decibels, Unchanged, double.PositiveInfinity));
        Assert.All([.. alike[..17], .. alike[63..]], decibels => Assert.InRange(decibels, 0, Painted));

        // The painted mouth fades: three quarters, a half, a quarter.
        Assert.Equal(alike[16..20].Order(), alike[16..20]);
        Assert.Equal(alike[60..64].OrderDescending(), alike[60..64]);
    }

    [Fact]
    public async Task WhenStrict_TheFirstFrameWithoutTheFaceIsAnError_AndNothingIsWritten()
    {
        var video = Film(Cover(20, 59));
        var error = await Assert.ThrowsAsync<LipSyncException>(() => RunAsync(video, new LipSyncFileOptions { Strict = true }));
        Assert.Equal((LipSyncErrorCode.NoFace, video), (error.Code, error.Path));
        Assert.Contains("0.80 s (frame 20)", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Output));
    }

    [Theory]
    [InlineData("left:1", true, false, Explicit = true)]
    [InlineData("left:2", false, true)]
    [InlineData("point:100,250", true, false, Explicit = true)]
    [InlineData("point:640,250@10", false, true)]
    [InlineData("all", true, true)]
    public async Task OfTwoPeople_OnlyTheChosenOnesChange(string choice, bool left, bool right)
    {
        var video = Samples.Make(
            "-i",
            Film("null"),
            "-i",
            TestKit.TestMedia.Second,
            "-filter_complex",
            "hstack",
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-crf",
            "12",
            _folder.File("two.mp4")
        );
        var result = await RunAsync(video, new LipSyncFileOptions { Faces = new() { Face = FaceChoice.Parse(choice) } });
        Assert.Equal((Frames, 0, 0, 0, 0), Counts(result));

        var source = await TestMedia.ReadFramesAsync(video, new VideoReadOptions());
        var frames = await TestMedia.ReadFramesAsync(Output, new VideoReadOptions());
        var halves = new[] { (Area: Half(0), Changes: left), (Area: Half(1), Changes: right) };
        for (var i = 0; i < frames.Count; i++)
        {
            Assert.All(halves, half =>
                Assert.InRange(
                    FrameComparison.PsnrInside(source[i], frames[i], 2 * Samples.Width, half.Area),
                    half.Changes ? 0 : Unchanged,
                    half.Changes ? Painted : double.PositiveInfinity
                )
            );
        }

        static PixelRectangle Half(int index) => new(index * Samples.Width, 0, (index + 1) * Samples.Width, Samples.Height);
    }

    private static (int Painted, int Bridged, int NoFace, int TurnedAway, int Cuts) Counts(LipSyncResult result) =>
        (result.SyncedFrames, result.BridgedFrames, result.FramesWithoutFace, result.FramesTurnedAway, result.SceneCuts);

    /// <summary>The woman's head and shoulders, with something done to it.</summary>
    private string Film(string filter) => Samples.CloseUp(_folder.File("film.mp4"), Invariant($"trim=end_frame={Frames},setpts=PTS-STARTPTS,{filter}"));

    /// <summary>A red box over the face.</summary>
    private string Cover(int first, int last)
    {
        using var landmarker = new MediaPipeFaceLandmarker(FaceModelFiles.DefaultFolder);
        var frame = TestMedia.ReadFramesAsync(samples.Talk, new VideoReadOptions()).GetAwaiter().GetResult()[20];
        var face = landmarker.Find(new RgbImage(Samples.Width, Samples.Height, frame))
            ?? throw new InvalidOperationException("There is no face in the sample.");
        const int margin = 10;
        return Invariant($"drawbox=x={(int)face.Box.Left - margin}:y={(int)face.Box.Top - margin}:")
            + Invariant($"w={(int)face.Box.Width + (2 * margin)}:h={(int)face.Box.Height + (2 * margin)}:color=red:t=fill:enable='between(n,{first},{last})'");
    }

    private async Task<List<double>> AlikeAsync(string video)
    {
        var source = await TestMedia.ReadFramesAsync(video, new VideoReadOptions());
        var frames = await TestMedia.ReadFramesAsync(Output, new VideoReadOptions());
        return [.. frames.Select((frame, i) => TestMedia.Psnr(source[i], frame))];
    }

    private Task<LipSyncResult> RunAsync(string video, LipSyncFileOptions options)
    {
        var request = new LipSyncRequest
        {
            Video = video,
            Audio = Samples.Make("-i", samples.LongSound, "-t", Sound, _folder.File("speech.wav")),
            Output = Output,
            Options = options with { Sampling = options.Sampling with { InferenceSteps = Steps } },
        };
        return GreyJob.RunAsync(request, _generator);
    }
}

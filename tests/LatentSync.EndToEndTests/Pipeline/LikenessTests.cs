using LatentSync.Faces;
using LatentSync.Faces.MediaPipe;
using LatentSync.Faces.Tracking;
using LatentSync.Imaging;
using LatentSync.Media.Read;
using LatentSync.Pipeline.Stages;
using LatentSync.TestKit;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Pipeline;

/// <summary>The woman and the man of the test videos in one picture, told apart by a picture of one of them.</summary>
public sealed class LikenessTests(Samples samples) : IDisposable
{
    private const double Unchanged = 38;
    private const double Painted = 36;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Women { get; } = TestKit.TestMedia.Talk1 is { } real ? [TestKit.TestMedia.Speaker, real] : [TestKit.TestMedia.Speaker];

    private static string Man => TestKit.TestMedia.Second;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TheOneOfThePicture_IsPainted(bool isWoman)
    {
        var video = Samples.Make(
            "-i",
            samples.Talk,
            "-i",
            Man,
            "-filter_complex",
            "hstack=shortest=1",
            "-c:v",
            "libx264",
            "-crf",
            "12",
            _folder.File("two.mp4")
        );
        var picture = isWoman
            ? Samples.Make("-i", TestKit.TestMedia.Speaker, "-ss", "5", "-frames:v", "1", _folder.File("woman.jpg"))
            : Samples.Make("-i", Man, "-ss", "2.5", "-frames:v", "1", _folder.File("man.png"));
        await RunAsync(video, FaceChoice.Like(picture));
        var (source, frames) = (
            await TestMedia.ReadFramesAsync(video, new VideoReadOptions()),
            await TestMedia.ReadFramesAsync(_folder.File("result.mp4"), new VideoReadOptions())
        );
        var half = new PixelRectangle(isWoman ? 0 : Samples.Width, 0, isWoman ? Samples.Width : 2 * Samples.Width, Samples.Height);
        foreach (var (before, after) in source.Zip(frames))
        {
            Assert.InRange(FrameComparison.PsnrOutside(before, after, 2 * Samples.Width, half), Unchanged, double.PositiveInfinity);
            Assert.InRange(FrameComparison.PsnrInside(before, after, 2 * Samples.Width, half), 0, Painted);
        }
    }

    [Fact]
    public async Task AnotherPerson_IsNotPainted()
    {
        var result = await RunAsync(samples.Talk, FaceChoice.Like(Samples.Make("-i", Man, "-ss", "1", "-frames:v", "1", _folder.File("man.jpg"))));
        Assert.Equal((0, true), (result.SyncedFrames, result.PicturesCopied));
    }

    [Fact]
    public async Task APictureWithoutAFace_IsRefused()
    {
        var picture = await TestMedia.MakeAsync(_folder.File("grey.png"), "-f lavfi -i color=gray:s=200x200 -frames:v 1");
        var error = await Assert.ThrowsAsync<LipSyncException>(() => RunAsync(samples.Talk, FaceChoice.Like(picture)));
        Assert.Equal((LipSyncErrorCode.InvalidInput, picture), (error.Code, error.Path));
    }

    /// <summary>The same person later, smaller, darker, in another light and compressed; and the other one: the threshold lies between.</summary>
    [Theory(Explicit = true)]
    [MemberData(nameof(Women))]
    public async Task Likeness_TellsThePersonUnderOtherConditions(string video)
    {
        using var landmarker = new MediaPipeFaceLandmarker(FaceModelFiles.DefaultFolder);
        var woman = await ReferencePicture.ReadAsync(Frame(video, "0.2", "null"), landmarker, 1, TestMedia.Token);
        var man = await ReferencePicture.ReadAsync(Frame(Man, "0.2", "null"), landmarker, 1, TestMedia.Token);
        foreach (
            var filter in (string[])
                ["null", "scale=iw/2:-2", "eq=brightness=-0.15:contrast=0.8", "eq=gamma=1.4:saturation=0.7", "rotate=0.15", "colorbalance=rm=0.15:bm=-0.1"]
        )
        {
            foreach (var seconds in (string[])["0.2", "1.6", "2.8"])
            {
                var (talk, rendered) = (await ReadAsync(Frame(video, seconds, filter)), await ReadAsync(Frame(Man, seconds, filter)));
                var (faceOfTalk, faceOfRendered) = (Find(landmarker, talk), Find(landmarker, rendered));
                var same = (woman.To(talk, faceOfTalk), man.To(rendered, faceOfRendered));
                var other = (woman.To(rendered, faceOfRendered), man.To(talk, faceOfTalk));
                TestContext.Current.TestOutputHelper?.WriteLine(
                    Invariant($"| {filter} | {seconds} s | {same.Item1:0.00}, {same.Item2:0.00} | {other.Item1:0.00}, {other.Item2:0.00} |")
                );
                Assert.InRange(Math.Min(same.Item1, same.Item2), FaceLikeness.Alike, 1.01);
                Assert.InRange(Math.Max(other.Item1, other.Item2), 0, FaceLikeness.Alike);
            }
        }
    }

    private static FaceLandmarks Find(MediaPipeFaceLandmarker landmarker, RgbImage picture)
    {
        landmarker.Reset();
        return landmarker.Find(picture) ?? throw new InvalidOperationException("There is no face in the sample.");
    }

    private static async Task<RgbImage> ReadAsync(string picture)
    {
        var info = await ReferencePicture.ProbeAsync(picture, TestMedia.Token);
        await using var reader = await VideoReader.OpenAsync(picture, info, new VideoReadOptions { FrameLimit = 1 }, TestMedia.Token);
        var image = new RgbImage(info.DisplayWidth, info.DisplayHeight);
        Assert.True(await reader.ReadAsync(image, TestMedia.Token));
        return image;
    }

    private string Frame(string video, string seconds, string filter) =>
        Samples.Make("-ss", seconds, "-i", video, "-vf", filter, "-frames:v", "1", "-q:v", "4", _folder.File("frame.jpg"));

    private Task<LipSyncResult> RunAsync(string video, FaceChoice face)
    {
        var request = new LipSyncRequest
        {
            Video = video,
            Audio = samples.Sound,
            Output = _folder.File("result.mp4"),
            Options = new LipSyncFileOptions
            {
                Sampling = new() { InferenceSteps = 1 },
                Faces = new() { Face = face },
            },
        };
        return GreyJob.RunAsync(request);
    }
}

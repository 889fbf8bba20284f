using LatentSync.Faces.MediaPipe;
using LatentSync.Faces.Tracking;
using LatentSync.TestKit;
using LatentSync.Timeline;

namespace LatentSync.EndToEndTests.Faces;

/// <summary>What looks like a face to the detectors and is none, or none that stands upright, is not painted in any frame.</summary>
public sealed class FalseSightingTests : IDisposable
{
    private const int Frames = 20;

    private readonly TemporaryFolder _folder = new();

    public static MatrixTheoryData<string, string> TurnedVideos { get; } =
        new(
            Videos,
            [
                "transpose=1",
                "transpose=2",
                "hflip,vflip",
                "vflip",
                "rotate=105*PI/180:fillcolor=gray",
                "rotate=135*PI/180:fillcolor=gray",
                "rotate=-120*PI/180:fillcolor=gray",
            ]
        );

    public static MatrixTheoryData<string, string> UprightVideos { get; } =
        new(Videos, ["null", "hflip", "rotate=25*PI/180:fillcolor=gray", "rotate=-25*PI/180:fillcolor=gray"]);

    private static string[] Videos => TestMedia.Talk1 is null ? ["head", "speaker"] : ["head", "speaker", "real"];

    public void Dispose() => _folder.Dispose();

    [Theory(Explicit = true)]
    [MemberData(nameof(TurnedVideos))]
    public void ATurnedFace_IsNotPainted(string video, string filter)
    {
        var (painted, seesTurnedFaces) = Follow(["-i", PathOf(video), "-vf", $"scale=540:-2,{filter}"]);
        Assert.Equal((0, true), (painted, seesTurnedFaces));
    }

    [Theory(Explicit = true)]
    [MemberData(nameof(UprightVideos))]
    public void AnUprightFace_IsPaintedInEveryFrame(string video, string filter)
    {
        var (painted, seesTurnedFaces) = Follow(["-i", PathOf(video), "-vf", $"scale=540:-2,{filter}"]);
        Assert.Equal((Frames, false), (painted, seesTurnedFaces));
    }

    [Theory(Explicit = true)]
    [InlineData("testsrc=s=640x480")]
    [InlineData("testsrc2=s=640x480")]
    [InlineData("smptebars=s=640x480")]
    [InlineData("mandelbrot=s=640x480")]
    [InlineData("life=s=64x48:mold=10:ratio=0.1:seed=1,scale=640:480:flags=bicubic")]
    [InlineData("nullsrc=s=640x480,geq='128+60*sin(X/23+T)+60*sin(Y/31-T)':128:128")]
    [InlineData("nullsrc=s=24x18,geq='random(1)*255':'random(2)*255':'random(3)*255',scale=640:480:flags=bicubic")]
    [InlineData("nullsrc=s=24x18,geq='120+random(1)*110':'110+random(2)*10':'145+random(3)*20',scale=640:480:flags=bicubic")]
    public void APattern_IsNotPainted(string source) => Assert.Equal(0, Follow(["-f", "lavfi", "-i", source]).Painted);

    private static string PathOf(string video) =>
        video switch
        {
            "head" => Path.Combine(RepositoryFolder.Path, "samples", "head.mp4"),
            "speaker" => TestMedia.Speaker,
            _ => TestMedia.Talk1!,
        };

    private (int Painted, bool SeesTurnedFaces) Follow(string[] source)
    {
        var path = Samples.Make([
            .. source,
            "-r",
            "25",
            "-frames:v",
            Invariant($"{Frames}"),
            "-an",
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-crf",
            "15",
            "-pix_fmt",
            "yuv420p",
            _folder.File("video.mp4"),
        ]);
        using var landmarker = new MediaPipeFaceLandmarker(FaceModelFiles.DefaultFolder);
        var timeline = new FaceTimeline(landmarker, 256, FaceChoice.Largest, longestBridge: 5, FrameClock.Model);
        var (width, height) = Png.Size(path);
        foreach (var (index, frame) in TestMedia.ReadFrames(path, width, height, step: 1, Frames).Index())
        {
            timeline.Add(frame, index);
        }

        timeline.End();
        return (Enumerable.Range(0, Frames).Count(frame => timeline[frame].Faces[0].IsPainted), landmarker.SeesTurnedFaces);
    }
}

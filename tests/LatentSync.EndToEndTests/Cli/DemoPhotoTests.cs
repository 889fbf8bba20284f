using LatentSync.EndToEndTests.Pipeline;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.TestKit;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Cli;

/// <summary><c>latentsync demo --photo</c>: a picture speaks.</summary>
public sealed class DemoPhotoTests(DemoResult demo) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The photograph is larger than a video has any use for, and lies on its side as cameras store it.</summary>
    [Fact]
    public async Task Photo_Speaks_UprightAndReduced()
    {
        DemoProgram.SkipWithoutModel();
        var photo = Samples.Make("-i", demo.Program.Video, "-frames:v", "1", "-vf", "scale=1500:1400,transpose=cclock", _folder.File("me.jpg"));
        await File.WriteAllBytesAsync(
            photo,
            ExifBlock.IntoJpeg(await File.ReadAllBytesAsync(photo, TestMedia.Token), ExifBlock.Make(6, bigEndian: true)),
            TestMedia.Token
        );
        var result = await demo.Program.RunAsync(_folder.Path, "demo", "--photo", "me.jpg", "--inference-steps", "2", "--lips-expression", "1");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.StartsWith(Invariant($"demo.mp4: {DemoProgram.Frames} frames, {DemoProgram.Frames} lip-synced, in "), result.Output, StringComparison.Ordinal);
        var video = (await MediaProbe.ProbeAsync(_folder.File("demo.mp4"), TestMedia.Token)).RequireVideo();
        Assert.Equal((1280, 1194), (video.DisplayWidth, video.DisplayHeight));

        var sample = Samples.Make("-i", demo.Program.Video, "-frames:v", "1", "-vf", "scale=1280:1194", "-crf", "1", _folder.File("upright.mp4"));
        var (upright, frames) = (
            (await TestMedia.ReadFramesAsync(sample, new VideoReadOptions()))[0],
            await TestMedia.ReadFramesAsync(_folder.File("demo.mp4"), new VideoReadOptions { FrameLimit = 1 })
        );
        var area = FaceAreas.Painted([upright], video.DisplayWidth, video.DisplayHeight, 256)[0];
        Assert.InRange(FrameComparison.PsnrOutside(upright, frames[0], video.DisplayWidth, area), 30, 100);
    }

    [Fact]
    public async Task PhotoWithoutAFace_IsAnError_AndLeavesNothing()
    {
        DemoProgram.SkipWithoutModel();
        var photo = Samples.Make("-f", "lavfi", "-i", "testsrc=s=320x240", "-frames:v", "1", _folder.File("garden.png"));
        (await demo.Program.RunAsync(_folder.Path, "demo", "--photo", photo)).AssertFailed(
            LipSyncErrorCode.NoFace,
            $"No face was found in \"{photo}\"",
            "take a picture in which one looks at the camera"
        );
        Assert.False(File.Exists(_folder.File("demo.mp4")));
    }
}

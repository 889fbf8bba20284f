using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.TestKit;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Pipeline;

/// <summary>The sound ends while a frame is held: so does the result, whatever the encoder or the file thinks of the last frame.</summary>
public sealed class HeldFrameTests : IDisposable
{
    // 30 frames, then one at 5 s.
    private const string Held = "setpts='if(lt(N,30),N/25/TB,5/TB)'";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The held frame is one that frames before it refer to.
    private const string Referred = "-bf 2 -x264-params b-adapt=0:scenecut=0";

    [Theory]
    [InlineData(".mp4", null, "-bf 0", 0, true)]
    [InlineData(".mp4", 20, "-bf 0", 0, false, Explicit = true)]
    [InlineData(".mp4", 20, "-bf 2", 0.7, false)]
    [InlineData(".mp4", null, "-bf 2", 0, true, Explicit = true)]
    [InlineData(".mp4", null, Referred, 0, false)]
    [InlineData(".mov", null, "-bf 0", 0.7, true)]
    [InlineData(".mov", null, "-bf 2", 0, true, Explicit = true)]
    [InlineData(".mov", 20, "-bf 0", 0, false, Explicit = true)]
    [InlineData(".mkv", null, "-bf 0", 0, true, Explicit = true)]
    [InlineData(".mkv", null, "-bf 2", 0, true)]
    [InlineData(".mkv", null, Referred, 0, false, Explicit = true)]
    [InlineData(".mkv", 20, "-bf 2", 0, false)]
    public async Task TheLastFrame_EndsWithTheSound(string extension, int? crf, string frames, double padding, bool isCopied)
    {
        var video = Samples.Make([
            "-f",
            "lavfi",
            "-i",
            "testsrc=s=160x120:r=25:d=1.24",
            "-vf",
            Held,
            "-vsync",
            "vfr",
            "-video_track_timescale",
            "12800",
            "-c:v",
            "libx264",
            .. frames.Split(' '),
            "-pix_fmt",
            "yuv420p",
            _folder.File("hold.mp4"),
        ]);
        var sound = await TestMedia.MakeAsync(_folder.File("sound.wav"), Invariant($"-f lavfi -i sine=r=48000:d={2.4 - padding}"));
        var options = new LipSyncFileOptions
        {
            Sampling = new() { InferenceSteps = 1 },
            Timing = new() { SilentPadding = padding },
            Encoding = new VideoEncoding { Crf = crf },
        };
        var request = new LipSyncRequest
        {
            Video = video,
            Audio = sound,
            Output = _folder.File("result" + extension),
            Options = options,
        };
        var result = await GreyJob.RunAsync(request);

        // Frames that refer to the one that comes too late cannot be copied without it.
        Assert.Equal((30, 2.4, isCopied), (result.Frames, result.Duration.TotalSeconds, result.PicturesCopied));
        var times = (await MediaProbe.ProbeAsync(result.Output, TestMedia.Token)).RequireVideo();
        Assert.InRange(times.Duration!.Value.TotalSeconds, 2.399, 2.401);
        Assert.Equal(30, (await TestMedia.HashFramesAsync(result.Output, new VideoReadOptions { FrameRate = null })).Count);
    }
}

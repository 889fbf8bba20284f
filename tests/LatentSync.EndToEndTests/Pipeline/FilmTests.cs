using System.Diagnostics;
using System.Globalization;
using LatentSync.Imaging;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Read;
using LatentSync.TestKit;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Pipeline;

/// <summary>
/// A short version of the difficult video of bench/film: cuts, two people, a person who leaves, a frozen second that lasts ten
/// frames. Only the network that paints is stood in for.
/// </summary>
public sealed class FilmTests : IDisposable
{
    private const int Width = 640;
    private const int Height = 360;
    private const int Second = 10;
    private const int Part = 6 * Second;
    private const int Away = 2 * Second;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("30000/1001", Part, 1, Explicit = true)]
    [InlineData("vfr", Part * 4 / 5, 1, Explicit = true)]
    [InlineData("vfr", Part * 4 / 5, 2, Explicit = true)]
    public async Task EveryFrame_IsWhereItWas_AndOnlyTheChosenPersonChanges(string rate, int part, int person)
    {
        const double unchanged = 45;
        const double painted = 36;
        var video = await MakeAsync(rate);
        var options = new LipSyncFileOptions
        {
            Sampling = new() { NumFrames = 8, InferenceSteps = 1 },
            Timing = new() { Length = LipSyncLength.Video },
            Faces = new() { Face = FaceChoice.Parse(Invariant($"left:{person}")) },
            Encoding = new VideoEncoding { Crf = 8 },
        };
        var request = new LipSyncRequest
        {
            Video = video,
            Audio = Path.Combine(RepositoryFolder.Path, "samples", "voice.wav"),
            Output = _folder.File("result.mp4"),
            Options = options,
        };
        var result = await GreyJob.RunAsync(request);

        var starts = await StartsAsync(video);
        Assert.Equal(4 * part, starts.Count);
        Assert.Equal(starts, await StartsAsync(result.Output));
        Assert.Equal(result.Frames, result.SyncedFrames + result.FramesWithoutFace + result.FramesTurnedAway);

        // The head that slides by a tenth of the picture with every frame counts as cuts too.
        Assert.InRange(result.SceneCuts, 3, 3 + (part / 4));

        // The second person is in the second part only. Of the third part the person is away for a third, and partly out of the
        // picture a while before and after.
        var away = part * Away / Part;
        Assert.InRange(result.FramesWithoutFace, person == 1 ? away : 3 * part, person == 1 ? 2 * away : 3 * part);

        var (source, frames) = (
            await TestMedia.ReadFramesAsync(video, new VideoReadOptions { FrameRate = null }),
            await TestMedia.ReadFramesAsync(result.Output, new VideoReadOptions { FrameRate = null })
        );
        var half = new PixelRectangle((person - 1) * Width / 2, 0, person * Width / 2, Height);
        for (var i = part; i < 2 * part; i++)
        {
            Assert.InRange(FrameComparison.PsnrOutside(source[i], frames[i], Width, half), unchanged, double.PositiveInfinity);
            Assert.InRange(FrameComparison.PsnrInside(source[i], frames[i], Width, half), 0, painted);
        }
    }

    private async Task<string> MakeAsync(string rate)
    {
        const string bash = "/bin/bash";
        Assert.SkipUnless(File.Exists(bash), "SKIPPED: the video is made by a script for bash.");
        var path = _folder.File("film.mp4");
        string[] arguments = [Path.Combine(RepositoryFolder.Path, "bench", "film", "make.sh"), rate, path, Second.ToString(CultureInfo.InvariantCulture)];
        using var process = Process.Start(bash, arguments);
        await process.WaitForExitAsync(TestMedia.Token);
        Assert.Equal(0, process.ExitCode);
        return path;
    }

    /// <summary>When the frames are shown, in seconds, in their order.</summary>
    private static async Task<List<decimal>> StartsAsync(string path)
    {
        var answer = await ToolRun.RunAsync(
            TestMedia.Tools.Launcher,
            TestMedia.Tools.FfprobePath,
            ["-v", "error", "-select_streams", "v:0", "-show_entries", "packet=pts_time", "-of", "csv=p=0", path],
            1 << 20,
            TestMedia.Token
        );
        return
        [
            .. System
                .Text.Encoding.ASCII.GetString(answer.Output)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => decimal.Parse(line.Trim(',', '\r'), CultureInfo.InvariantCulture))
                .Order(),
        ];
    }
}

using System.Globalization;
using System.Text;
using LatentSync.Imaging;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.TestKit;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Matrix;

/// <summary>
/// Every kind of video that this ffmpeg can write: all frames come, each once and at its time. The long form, with
/// LATENTSYNC_LONG_TESTS=1, has all of them in all shapes and writes the table of docs/sources.md.
/// </summary>
public sealed class PictureMatrixTests : IDisposable
{
    private const int Frames = 30;
    private const double Step = 0.04;

    // Matroska, FLV and ASF round to milliseconds, GIF to hundredths.
    private const double Tolerance = 0.0011;
    private const double CoarseTolerance = 0.0101;

    private const double LateBy = 0.48;
    private const double EditStart = 0.4;

    private readonly TemporaryFolder _folder = new();
    private readonly StringBuilder _table = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task EveryFrame_ComesAtItsTime()
    {
        List<string> mistakes = [];
        var read = 0;
        foreach (var pair in PicturePair.All.Where(pair => SoundMatrixTests.IsLong || pair.IsShort))
        {
            List<string> cells = [];
            foreach (var shape in Shapes(pair))
            {
                var cell = await TryAsync(pair, shape, mistakes);
                cells.Add(cell);
                read += cell.Length > 0 && char.IsDigit(cell[0]) ? 1 : 0;
            }

            _table.AppendLine(CultureInfo.InvariantCulture, $"| {pair.Name} | {string.Join(" | ", cells)} |");
        }

        TestContext.Current.TestOutputHelper?.WriteLine(_table.ToString());
        SoundMatrixTests.Write("pictures.md", _table.ToString());
        Assert.True(mistakes.Count == 0, string.Join('\n', mistakes));
        Assert.True(read >= (SoundMatrixTests.IsLong ? 120 : 14), Invariant($"Only {read} videos were read."));
    }

    private static SourceShape[] Shapes(PicturePair pair) => SoundMatrixTests.IsLong ? Enum.GetValues<SourceShape>()
        : pair.Refused is null && pair.KeepsTimes ? [SourceShape.Constant, SourceShape.Gap]
        : [SourceShape.Constant];

    /// <summary>A cell of the table: frames, and the largest error of a time in ms; adds what is wrong with it.</summary>
    private async Task<string> TryAsync(PicturePair pair, SourceShape shape, List<string> mistakes)
    {
        var name = $"{pair.Name}, {shape}";
        if (await MakeAsync(pair, shape) is not { } path)
        {
            return "";
        }

        MediaInfo media;
        try
        {
            media = await MediaProbe.ProbePicturesAsync(path, TestMedia.Token);
        }
        catch (LipSyncException error) when (error.Code == LipSyncErrorCode.InvalidInput)
        {
            if (pair.Refused is null || !error.Message.Contains(pair.Refused, StringComparison.Ordinal))
            {
                mistakes.Add($"{name}: {error.Message}");
            }

            return "refused";
        }

        if (pair.Refused is not null)
        {
            mistakes.Add($"{name}: was not refused.");
        }

        var starts = await StartsAsync(media);
        var expected = Expected(shape);

        // Alone in its file, a video begins at 0 by a frame or less; beside sound it begins when it does.
        var first = starts.Count > 0 ? starts[0] : 0;
        var offset = shape == SourceShape.LateStart && pair.HasSound ? 0 : first;
        var error2 = starts.Zip(expected).Select(pair => Math.Abs(pair.First - offset - pair.Second)).DefaultIfEmpty(1).Max();
        var limit = pair.Extension is "gif" ? CoarseTolerance : shape == SourceShape.LateStart ? LateTolerance : Tolerance;
        if (starts.Count != expected.Count || error2 > limit || first - expected[0] > Step)
        {
            mistakes.Add(Invariant($"{name}: {starts.Count} frames instead of {expected.Count}, the first at {first:0.000} s, times wrong by up to {1000 * error2:0.0} ms."));
        }

        return Invariant($"{starts.Count} / {1000 * error2:0.#}");
    }

    /// <summary>MPEG's programmes and others begin with whichever track was first, and AAC with its run-up.</summary>
    private const double LateTolerance = 0.03;

    private static List<double> Expected(SourceShape shape) => shape switch
    {
        SourceShape.Variable => [.. Enumerable.Range(0, Frames).Select(i => Step * (i + (i / 3)))],
        SourceShape.LateStart => [.. Enumerable.Range(0, Frames).Select(i => LateBy + (Step * i))],
        SourceShape.EditList => [.. Enumerable.Range(0, Frames - (int)Math.Round(EditStart / Step)).Select(i => Step * i)],
        SourceShape.Gap => [.. Enumerable.Range(0, Frames).Select(i => Step * (i < 10 ? i : i + 25))],
        _ => [.. Enumerable.Range(0, Frames).Select(i => Step * i)],
    };

    private async Task<string?> MakeAsync(PicturePair pair, SourceShape shape)
    {
        var path = _folder.File("source." + pair.Extension);
        var whole = _folder.File("whole." + pair.Extension);
        File.Delete(path);
        if ((shape is SourceShape.Variable or SourceShape.Gap && !pair.KeepsTimes) || (shape == SourceShape.EditList && pair.Extension is not ("mp4" or "mov"))
            || (shape == SourceShape.LateStart && !pair.HasSound))
        {
            return null;
        }

        var times = shape switch
        {
            SourceShape.Variable => "setpts='(N+floor(N/3))/25/TB'",
            SourceShape.Gap => "setpts='(N+if(gte(N,10),25,0))/25/TB'",
            _ => "null",
        };

        // Key frames often enough that an edit list hides less than a few.
        string[] input = ["-f", "lavfi", "-i", Invariant($"testsrc2=s=160x120:r=25:d={Frames * Step}")];
        string[] sound = shape == SourceShape.LateStart
            ? ["-f", "lavfi", "-i", "sine=r=48000:d=2", "-itsoffset", Invariant($"{LateBy}"), .. input, "-map", "1:v", "-map", "0:a"]
            : [.. input];
        string[] rate = pair.KeepsTimes && shape != SourceShape.Constant ? ["-fps_mode", "vfr"] : [];
        string[] format = pair.Encoder.Contains("-pix_fmt", StringComparison.Ordinal) || pair.Encoder.Contains("qtrle", StringComparison.Ordinal) || pair.Encoder.Contains("png", StringComparison.Ordinal) || pair.Encoder.Contains("gif", StringComparison.Ordinal)
            ? [] : ["-pix_fmt", pair.Encoder.Contains("prores", StringComparison.Ordinal) || pair.Encoder.Contains("dnxhd", StringComparison.Ordinal) ? "yuv422p" + (pair.Encoder.Contains("prores", StringComparison.Ordinal) ? "10le" : "") : pair.Encoder.Contains("mjpeg", StringComparison.Ordinal) ? "yuvj420p" : "yuv420p"];
        var made = shape == SourceShape.EditList ? whole : path;
        if (!await RunAsync([.. sound, "-vf", times, .. rate, "-g", "5", .. format, .. pair.Encoder.Split(' '), .. shape == SourceShape.LateStart ? [] : (string[])["-an"], made]))
        {
            return null;
        }

        return shape != SourceShape.EditList || await RunAsync(["-ss", Invariant($"{EditStart}"), "-i", whole, "-c", "copy", path]) ? path : null;
    }

    private static async Task<List<double>> StartsAsync(MediaInfo media)
    {
        var video = media.RequireVideo();
        await using var reader = await VideoReader.OpenAsync(media.Path, video, new VideoReadOptions { FrameRate = null }, TestMedia.Token);
        var image = new RgbImage(video.DisplayWidth, video.DisplayHeight);
        List<double> starts = [];
        while (await reader.ReadAsync(image, TestMedia.Token))
        {
            starts.Add((double)reader.Start / video.SourceClock!.Value.TicksPerSecond);
        }

        return starts;
    }

    private static async Task<bool> RunAsync(string[] arguments)
    {
        string[] all = ["-v", "error", "-nostdin", "-y", .. arguments[..^1], "file:" + arguments[^1]];
        return (await ToolRun.RunAsync(TestMedia.Tools.Launcher, TestMedia.Tools.FfmpegPath, all, 1 << 20, TestMedia.Token)).ExitCode == 0;
    }
}

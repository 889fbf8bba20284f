using LatentSync.Imaging;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.TestKit;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Matrix;

/// <summary>Every kind of video that this ffmpeg can write: all frames come, each once and at its time.</summary>
public sealed class PictureMatrixTests : IDisposable
{
    private const int Frames = 30;
    private const double Step = 0.04;

    // Matroska, FLV and ASF round to milliseconds, GIF to hundredths.
    private const double Tolerance = 0.0011;
    private const double CoarseTolerance = 0.0101;

    // MPEG's programmes and others begin with whichever track was first, and AAC and WMA with their run-up.
    private const double LateTolerance = 0.045;

    private const double LateBy = 0.48;
    private const double EditStart = 0.4;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Explicit = true)]
    public Task EveryFrame_ComesAtItsTime() =>
        new SourceMatrix("pictures.md").RunAsync(PicturePair.All, MakeAsync, MediaProbe.ProbePicturesAsync, MeasureAsync, atLeast: (150, 14));

    /// <summary>Frames, how long they last with 40 ms for the last one, and the largest error of a time in ms.</summary>
    private static async Task<(string Cell, string? Mistake)> MeasureAsync(PicturePair pair, SourceShape shape, MediaInfo media)
    {
        var starts = await StartsAsync(media);
        var expected = Expected(shape);

        // Alone in its file, a video begins at 0 by a frame or less; beside sound it begins when it does.
        var first = starts.Count > 0 ? starts[0] : 0;
        var offset = shape == SourceShape.LateStart && pair.HasSound ? 0 : first;
        var error = starts.Zip(expected).Select(times => Math.Abs(times.First - offset - times.Second)).DefaultIfEmpty(1).Max();
        var limit =
            pair.Extension is "gif" ? CoarseTolerance
            : shape == SourceShape.LateStart ? LateTolerance
            : Tolerance;
        return (
            Invariant($"{starts.Count} / {starts.LastOrDefault() - first + Step:0.000} / {1000 * error:0.#}"),
            starts.Count == expected.Count && error <= limit && first - expected[0] <= Math.Max(Step, limit)
                ? null
                : Invariant($"{starts.Count} frames instead of {expected.Count}, the first at {first:0.000} s, times wrong by up to {1000 * error:0.0} ms.")
        );
    }

    private static List<double> Expected(SourceShape shape) =>
        shape switch
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
        if (
            (shape is SourceShape.Variable or SourceShape.Gap or SourceShape.LateStart && !pair.KeepsTimes)
            || (shape == SourceShape.EditList && pair.Extension is not ("mp4" or "mov"))
            || (shape == SourceShape.LateStart && !pair.HasSound)
        )
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
        string[] sound =
            shape == SourceShape.LateStart
                ? ["-f", "lavfi", "-i", "sine=r=48000:d=2", "-itsoffset", Invariant($"{LateBy}"), .. input, "-map", "1:v", "-map", "0:a"]
                : [.. input];
        string[] rate = pair.KeepsTimes && shape != SourceShape.Constant ? ["-fps_mode", "vfr"] : [];
        string[] format =
            pair.Encoder.Contains("-pix_fmt", StringComparison.Ordinal)
            || pair.Encoder.Contains("qtrle", StringComparison.Ordinal)
            || pair.Encoder.Contains("png", StringComparison.Ordinal)
            || pair.Encoder.Contains("gif", StringComparison.Ordinal)
                ? []
                :
                [
                    "-pix_fmt",
                    pair.Encoder.Contains("prores", StringComparison.Ordinal) || pair.Encoder.Contains("dnxhd", StringComparison.Ordinal)
                        ? "yuv422p" + (pair.Encoder.Contains("prores", StringComparison.Ordinal) ? "10le" : "")
                    : pair.Encoder.Contains("mjpeg", StringComparison.Ordinal) ? "yuvj420p"
                    : "yuv420p",
                ];
        var made = shape == SourceShape.EditList ? whole : path;
        if (
            !await SourceMatrix.MakeAsync([
                .. sound,
                "-vf",
                times,
                .. rate,
                "-g",
                "5",
                .. format,
                .. pair.Encoder.Split(' '),
                .. shape == SourceShape.LateStart ? [] : (string[])["-an"],
                made,
            ])
        )
        {
            return null;
        }

        return shape != SourceShape.EditList || await SourceMatrix.MakeAsync(["-ss", Invariant($"{EditStart}"), "-i", whole, "-c", "copy", path]) ? path : null;
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
}

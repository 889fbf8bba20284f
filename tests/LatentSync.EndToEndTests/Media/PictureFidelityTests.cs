using System.Globalization;
using LatentSync.Imaging;
using LatentSync.Media.Encoders;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Formats;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.Media.Write;
using LatentSync.Pipeline.FileJob;
using LatentSync.TestKit;
using LatentSync.Timeline;

namespace LatentSync.EndToEndTests.Media;

/// <summary>What a job does to the pixels it does not paint: read, written with default settings, and compared as they are stored.</summary>
public sealed class PictureFidelityTests(Samples samples) : IDisposable
{
    private const double LowestPsnr = 45;
    private const int Frames = 12;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("yuv420p", "tv", "bt709", VideoCodec.H264, "yuv420p")]
    [InlineData("yuv420p", "tv", "smpte170m", VideoCodec.H264, "yuv420p", Explicit = true)]
    [InlineData("yuv420p", "pc", "bt709", VideoCodec.H264, "yuv420p")]
    [InlineData("yuv420p", "tv", "bt2020nc", VideoCodec.H264, "yuv420p", Explicit = true)]
    [InlineData("yuv422p", "tv", "bt709", VideoCodec.H264, "yuv422p")]
    [InlineData("yuv422p", "pc", "bt470bg", VideoCodec.H264, "yuv422p")]
    [InlineData("yuv444p", "tv", "bt709", VideoCodec.H264, "yuv444p", Explicit = true)]
    [InlineData("yuv444p", "pc", "bt709", VideoCodec.H264, "yuv444p")]
    [InlineData("yuv420p10le", "tv", "bt709", VideoCodec.H264, "yuv420p")]
    [InlineData("yuv422p10le", "tv", "bt709", VideoCodec.H264, "yuv422p", Explicit = true)]
    [InlineData("yuv420p10le", "tv", "bt709", VideoCodec.Hevc, "yuv420p10le")]
    [InlineData("yuv420p10le", "tv", "bt2020nc", VideoCodec.Hevc, "yuv420p10le", Explicit = true)]
    [InlineData("yuv422p10le", "tv", "bt709", VideoCodec.Hevc, "yuv422p10le", Explicit = true)]
    [InlineData("yuv444p10le", "pc", "bt709", VideoCodec.Hevc, "yuv444p10le", Explicit = true)]
    [InlineData("yuv420p10le", "tv", "bt709", VideoCodec.Av1, "yuv420p10le")]
    [InlineData("yuv422p10le", "tv", "bt709", VideoCodec.ProRes, "yuv422p10le")]
    public async Task UntouchedPixels_KeepFormatTagsAndValues(string format, string range, string matrix, VideoCodec codec, string expected)
    {
        Assert.SkipUnless(
            await TestMedia.Tools.HasEncoderAsync(SoftwareEncoders.For(codec).Library, TestMedia.Token),
            "SKIPPED: this ffmpeg lacks the encoder."
        );
        var source = Source(format, range, matrix);
        var written = await PassAsync(source, new VideoEncoding { Codec = codec });
        var (before, after) = (await VideoAsync(source), await VideoAsync(written));
        Assert.Equal(
            (format, expected),
            (before.PixelFormat!.Replace("yuvj", "yuv", StringComparison.Ordinal), after.PixelFormat!.Replace("yuvj", "yuv", StringComparison.Ordinal))
        );
        Assert.Equal((range, before.Color), (before.Color.Range, after.Color));
        var decibels = await PsnrAsync(source, written, format);
        TestContext.Current.TestOutputHelper?.WriteLine(Invariant($"| {format} | {range} | {matrix} | {codec} | {expected} | {decibels:0.0} dB |"));
        Assert.InRange(decibels, LowestPsnr, double.PositiveInfinity);
    }

    /// <summary>Frames pass through 8-bit RGB; with an encoder that loses nothing this is all that is left.</summary>
    [Theory]
    [InlineData("yuv420p", 50)]
    [InlineData("yuv444p", 50)]
    [InlineData("yuv420p10le", 50)]
    [InlineData("yuv422p10le", 50)]
    public async Task EightBitRgb_CostsLittle(string format, double lowest)
    {
        var source = Source(format, "tv", "bt709");
        var written = await PassAsync(source, new VideoEncoding { Crf = 0, PixelFormat = format });
        var decibels = await PsnrAsync(source, written, format);
        TestContext.Current.TestOutputHelper?.WriteLine(Invariant($"| {format} | {decibels:0.0} dB |"));
        Assert.InRange(decibels, lowest, double.PositiveInfinity);
    }

    [Theory]
    [InlineData("gray", "-c:v ffv1", "yuv420p")]
    [InlineData("yuvj422p", "-c:v mjpeg -q:v 2", "yuv422p")]
    [InlineData("bgr0", "-c:v ffv1", "yuv444p")]
    [InlineData("gbrp", "-c:v libx264rgb -crf 1 -pix_fmt bgr24", "yuv444p")]
    public async Task OtherFormats_KeepTheirColours(string format, string encoder, string expected)
    {
        const double lowest = 38;
        var source = Samples.Make(["-i", samples.Talk, "-frames:v", "5", "-vf", $"format={format}", .. encoder.Split(' '), _folder.File("other.mkv")]);
        var written = await PassAsync(source, new VideoEncoding());
        var video = await VideoAsync(written);
        Assert.Equal(expected, video.PixelFormat!.Replace("yuvj", "yuv", StringComparison.Ordinal));
        var (before, after) = (
            await TestMedia.ReadFramesAsync(source, new VideoReadOptions()),
            await TestMedia.ReadFramesAsync(written, new VideoReadOptions())
        );
        Assert.Equal(5, after.Count);
        Assert.All(before.Zip(after), pair => Assert.InRange(TestMedia.Psnr(pair.First, pair.Second), lowest, double.PositiveInfinity));

        // As another program sees both, which knows nothing of how they were read here.
        var decibels = await PsnrAsync(source, written, "gbrp");
        Assert.InRange(decibels, lowest - 4, double.PositiveInfinity);
    }

    private string Source(string format, string range, string matrix) =>
        Samples.Make(
            "-i",
            samples.Talk,
            "-frames:v",
            Invariant($"{Frames}"),
            "-vf",
            $"scale=out_color_matrix={(matrix is "smpte170m" or "bt470bg" ? "bt601" : matrix is "bt2020nc" ? "bt2020" : matrix)}:"
                + $"out_range={range}:flags=accurate_rnd+full_chroma_int,format={format}",
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-crf",
            "4",
            "-color_range",
            range,
            "-colorspace",
            matrix,
            _folder.File("source.mkv")
        );

    private async Task<string> PassAsync(string source, VideoEncoding encoding)
    {
        var video = await VideoAsync(source);
        var extension = encoding.Codec == VideoCodec.ProRes ? ".mov" : ".mkv";
        var request = new LipSyncRequest
        {
            Video = source,
            Audio = string.Empty,
            Output = _folder.File("written" + extension),
            Options = new LipSyncFileOptions { Encoding = encoding },
        };
        var options = OutputPlan.Write(request, video, FrameClock.Model) with { SoundPath = null };
        await using var reader = await VideoReader.OpenAsync(source, video, new VideoReadOptions { FrameRate = null }, TestMedia.Token);
        await using var writer = await VideoWriter.CreateAsync(options, TestMedia.Token);
        var image = new RgbImage(video.DisplayWidth, video.DisplayHeight);
        while (await reader.ReadAsync(image, TestMedia.Token))
        {
            await writer.WriteAsync(image, TestMedia.Token);
        }

        await writer.CompleteAsync(TestMedia.Token);
        return options.Path;
    }

    private static async Task<VideoStreamInfo> VideoAsync(string path) => (await MediaProbe.ProbeAsync(path, TestMedia.Token)).RequireVideo();

    /// <summary>Over all planes of all frames, by ffmpeg, in the format of the source.</summary>
    private static async Task<double> PsnrAsync(string source, string written, string format)
    {
        const string mark = " average:";
        const string flags = "flags=accurate_rnd+full_chroma_int+full_chroma_inp";
        var graph = $"[0:v]scale={flags},format={format},settb=1/25,setpts=N[a];[1:v]scale={flags},format={format},settb=1/25,setpts=N[b];[a][b]psnr";
        string[] arguments = ["-nostdin", "-hide_banner", "-i", source, "-i", written, "-lavfi", graph, "-f", "null", "-"];
        var result = await ToolRun.RunAsync(TestMedia.Tools.Launcher, TestMedia.Tools.FfmpegPath, arguments, 1 << 20, TestMedia.Token);
        var line = result.LastWords.Split('\n').Last(line => line.Contains(mark, StringComparison.Ordinal));
        var value = line[(line.IndexOf(mark, StringComparison.Ordinal) + mark.Length)..].Split(' ')[0];
        return value == "inf" ? double.PositiveInfinity : double.Parse(value, CultureInfo.InvariantCulture);
    }
}

using System.Text;
using LatentSync.Media.Encoders;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Formats;
using LatentSync.Media.Write;
using LatentSync.Timeline;

namespace LatentSync.EndToEndTests.Media;

/// <summary>Graphics cards that encode: what ffmpeg documents of them, and what is said where there is none.</summary>
public class HardwareEncoderTests
{
    public static TheoryData<VideoEncoderKind, VideoCodec> Encoders()
    {
        var data = new TheoryData<VideoEncoderKind, VideoCodec>();
        foreach (var kind in HardwareEncoders.Kinds)
        {
            foreach (var codec in Enum.GetValues<VideoCodec>().Where(codec => HardwareEncoders.Find(codec, kind) is not null))
            {
                data.Add(kind, codec);
            }
        }

        return data;
    }

    /// <summary>Every option that is passed is one of the encoder's own, or of all encoders; every layout is one it takes.</summary>
    [Fact]
    public async Task Options_AreDocumented()
    {
        var known = 0;
        foreach (var (kind, codec) in Encoders().Select(row => row.Data))
        {
            var encoding = new VideoEncoding { Encoder = kind, Codec = codec };
            if (await TestMedia.Tools.HasEncoderAsync(VideoEncoder.For(encoding).Library, TestMedia.Token))
            {
                known++;
                await AssertDocumentedAsync(encoding);
            }
        }

        Assert.SkipWhen(known == 0, "SKIPPED: this ffmpeg was built without encoders of graphics cards.");
    }

    [Theory]
    [MemberData(nameof(Encoders))]
    public async Task WithoutTheHardware_OneSentenceSaysSo(VideoEncoderKind kind, VideoCodec codec)
    {
        var options = Options(codec, kind);
        LipSyncException error;
        try
        {
            await EncoderTrial.ResolveAsync(TestMedia.Tools, options, TestMedia.Token);
            Assert.Skip("SKIPPED: this machine has the hardware.");
            return;
        }
        catch (LipSyncException thrown)
        {
            error = thrown;
        }

        var library = VideoEncoder.For(options.Encoding).Library;
        Assert.Contains(library, error.Message, StringComparison.Ordinal);
        var hasEncoder = await TestMedia.Tools.HasEncoderAsync(library, TestMedia.Token);
        Assert.Equal(hasEncoder ? LipSyncErrorCode.DeviceUnavailable : LipSyncErrorCode.MissingDependency, error.Code);
        Assert.Equal(hasEncoder, error.Detail?.Length > 0);
    }

    /// <summary>Whatever auto finds, it writes.</summary>
    [Fact]
    public async Task Auto_FindsOneThatWorks()
    {
        using var folder = new TestKit.TemporaryFolder();
        var options = Options(VideoCodec.H264, VideoEncoderKind.Auto) with { Path = folder.File("a.mp4") };
        var resolved = await EncoderTrial.ResolveAsync(TestMedia.Tools, options, TestMedia.Token);
        Assert.NotEqual(VideoEncoderKind.Auto, resolved.Encoding.Encoder);
        var video = await WriteTests.WriteAsync(options, 3);
        Assert.Equal("h264", video.Codec);
    }

    private static VideoWriteOptions Options(VideoCodec codec, VideoEncoderKind kind) =>
        new()
        {
            Path = "a.mp4",
            Width = 320,
            Height = 240,
            Clock = FrameClock.Model,
            Encoding = new VideoEncoding { Codec = codec, Encoder = kind },
        };

    private static async Task AssertDocumentedAsync(VideoEncoding encoding)
    {
        string[] ofAllEncoders = ["-c:v", "-b:v", "-q:v", "-global_quality"];
        var encoder = VideoEncoder.For(encoding);
        var help = await HelpAsync(encoder.Library);
        foreach (var option in encoder.Arguments(encoding).Where(argument => argument.StartsWith('-') && !ofAllEncoders.Contains(argument)))
        {
            Assert.Contains($"\n  {option} ", help, StringComparison.Ordinal);
        }

        foreach (var preset in encoder.Presets)
        {
            Assert.Matches($"\n +{preset} ", help);
        }

        var layouts = help.Split('\n').First(line => line.Contains("Supported pixel formats:", StringComparison.Ordinal)).Split(' ');
        foreach (var format in encoder.PixelFormats)
        {
            var layout = encoder.FilterFormat(encoding with { PixelFormat = format }, PictureFormat.Common, 64, 48);
            Assert.Contains(encoder.Upload.Length > 0 ? "vaapi" : layout, layouts);
        }
    }

    private static async Task<string> HelpAsync(string library)
    {
        var result = await ToolRun.RunAsync(
            TestMedia.Tools.Launcher,
            TestMedia.Tools.FfmpegPath,
            ["-hide_banner", "-h", "encoder=" + library],
            1 << 20,
            TestMedia.Token
        );
        return Encoding.UTF8.GetString(result.Output);
    }
}

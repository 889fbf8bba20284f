using LatentSync.Media.Encoders;
using LatentSync.Media.Formats;
using LatentSync.Media.Write;
using LatentSync.Timeline;

namespace LatentSync.Tests.Media.Encoders;

public class VideoEncoderTests
{
    /// <summary>The source's chroma and, where players bear it, its depth; else what every player shows; odd sides take 4:4:4.</summary>
    [Theory]
    [InlineData("yuv420p", VideoCodec.H264, 64, 48, "yuv420p")]
    [InlineData("yuv422p", VideoCodec.H264, 64, 48, "yuv422p")]
    [InlineData("yuvj444p", VideoCodec.H264, 64, 48, "yuv444p")]
    [InlineData("yuv420p10le", VideoCodec.H264, 64, 48, "yuv420p")]
    [InlineData("yuv422p10le", VideoCodec.H264, 64, 48, "yuv422p")]
    [InlineData("yuv420p10le", VideoCodec.Hevc, 64, 48, "yuv420p10le")]
    [InlineData("yuv422p12le", VideoCodec.Hevc, 64, 48, "yuv422p10le")]
    [InlineData("yuv420p9le", VideoCodec.Hevc, 64, 48, "yuv420p")]
    [InlineData("yuv444p10le", VideoCodec.Av1, 64, 48, "yuv420p10le")]
    [InlineData("yuv422p", VideoCodec.Av1, 64, 48, "yuv420p")]
    [InlineData("yuv420p", VideoCodec.ProRes, 64, 48, "yuv422p10le")]
    [InlineData("gbrp", VideoCodec.H264, 64, 48, "yuv444p")]
    [InlineData("yuv420p", VideoCodec.H264, 63, 48, "yuv444p")]
    [InlineData("yuv422p", VideoCodec.H264, 64, 47, "yuv422p")]
    [InlineData("yuv422p", VideoCodec.H264, 63, 48, "yuv444p")]
    [InlineData("yuv420p10le", VideoCodec.Hevc, 64, 47, "yuv444p10le")]
    [InlineData("gray", VideoCodec.H264, 64, 48, "yuv420p")]
    public void PixelFormat_FollowsTheSource(string source, VideoCodec codec, int width, int height, string expected) =>
        Assert.Equal(
            expected,
            VideoEncoder.For(new VideoEncoding { Codec = codec }).PixelFormat(new VideoEncoding { Codec = codec }, PictureFormat.Parse(source), width, height)
        );

    [Fact]
    public void PixelFormat_AskedFor_IsTaken()
    {
        var encoding = new VideoEncoding { PixelFormat = "yuv420p10le" };
        Assert.Equal("yuv420p10le", VideoEncoder.For(encoding).PixelFormat(encoding, PictureFormat.Parse("yuv422p"), 64, 48));
    }

    [Theory]
    [InlineData(VideoEncoderKind.Nvenc, VideoCodec.H264, "-c:v h264_nvenc -preset p4 -rc vbr -cq 13 -b:v 0")]
    [InlineData(VideoEncoderKind.Nvenc, VideoCodec.Hevc, "-c:v hevc_nvenc -preset p4 -rc vbr -cq 14 -b:v 0")]
    [InlineData(VideoEncoderKind.Nvenc, VideoCodec.Av1, "-c:v av1_nvenc -preset p4 -rc vbr -cq 13 -b:v 0")]
    [InlineData(VideoEncoderKind.Qsv, VideoCodec.H264, "-c:v h264_qsv -preset medium -global_quality 13")]
    [InlineData(VideoEncoderKind.Qsv, VideoCodec.Av1, "-c:v av1_qsv -preset medium -global_quality 13")]
    [InlineData(VideoEncoderKind.Vaapi, VideoCodec.Hevc, "-c:v hevc_vaapi -rc_mode CQP -qp 14")]
    [InlineData(VideoEncoderKind.Vaapi, VideoCodec.Av1, "-c:v av1_vaapi -rc_mode CQP -global_quality 52")]
    [InlineData(VideoEncoderKind.Amf, VideoCodec.H264, "-c:v h264_amf -quality balanced -rc cqp -qp_i 13 -qp_p 13 -qp_b 13")]
    [InlineData(VideoEncoderKind.Amf, VideoCodec.Hevc, "-c:v hevc_amf -quality balanced -rc cqp -qp_i 14 -qp_p 14")]
    [InlineData(VideoEncoderKind.Amf, VideoCodec.Av1, "-c:v av1_amf -quality balanced -rc cqp -qp_i 52 -qp_p 52")]
    [InlineData(VideoEncoderKind.VideoToolbox, VideoCodec.H264, "-c:v h264_videotoolbox -q:v 81")]
    [InlineData(VideoEncoderKind.VideoToolbox, VideoCodec.Hevc, "-c:v hevc_videotoolbox -q:v 79")]
    public void Hardware_AtItsDefaults(VideoEncoderKind kind, VideoCodec codec, string expected)
    {
        var encoding = new VideoEncoding { Codec = codec, Encoder = kind };
        Assert.Empty(encoding.Validate());
        Assert.Equal(expected, string.Join(' ', VideoEncoder.For(encoding).Arguments(encoding)));
    }

    /// <summary>Every measure of quality stays within what the encoder takes, at both ends of --crf.</summary>
    [Theory]
    [InlineData(VideoEncoderKind.Nvenc, VideoCodec.H264, 0, "-cq 1 ")]
    [InlineData(VideoEncoderKind.Nvenc, VideoCodec.Av1, 63, "-cq 51 ")]
    [InlineData(VideoEncoderKind.Qsv, VideoCodec.Hevc, 0, "-global_quality 1")]
    [InlineData(VideoEncoderKind.Vaapi, VideoCodec.H264, 51, "-qp 51")]
    [InlineData(VideoEncoderKind.Vaapi, VideoCodec.Av1, 63, "-global_quality 252")]
    [InlineData(VideoEncoderKind.Amf, VideoCodec.Av1, 63, "-qp_i 252 ")]
    [InlineData(VideoEncoderKind.VideoToolbox, VideoCodec.H264, 51, "-q:v 24")]
    [InlineData(VideoEncoderKind.VideoToolbox, VideoCodec.H264, 0, "-q:v 100")]
    public void Hardware_AtTheEnds(VideoEncoderKind kind, VideoCodec codec, int crf, string expected)
    {
        var encoding = new VideoEncoding
        {
            Codec = codec,
            Encoder = kind,
            Crf = crf,
        };
        Assert.Contains(expected, string.Join(' ', VideoEncoder.For(encoding).Arguments(encoding)) + " ", StringComparison.Ordinal);
    }

    [Fact]
    public void Vaapi_UploadsThePictures()
    {
        var options = new VideoWriteOptions
        {
            Path = "/v/a.mp4",
            Width = 64,
            Height = 48,
            Clock = FrameClock.Model,
            SourceFormat = PictureFormat.Parse("yuv422p10le"),
            Encoding = new VideoEncoding { Codec = VideoCodec.Hevc, Encoder = VideoEncoderKind.Vaapi },
        };
        var command = VideoWriteCommand.Encode(options, "mp4", "/v/.a").ToList();
        Assert.Equal(["-init_hw_device", "vaapi=hw", "-filter_hw_device", "hw"], command[5..9]);
        Assert.True(command.IndexOf("-filter_hw_device") < command.IndexOf("-i"));
        Assert.EndsWith(",format=p010le,setsar=1/1,hwupload", command[command.IndexOf("-vf") + 1], StringComparison.Ordinal);
        Assert.Contains("-tag:v", command);
    }

    [Fact]
    public void Kinds_AreAllTried() =>
        Assert.Equal(Enum.GetValues<VideoEncoderKind>().Except([VideoEncoderKind.Software, VideoEncoderKind.Auto]), HardwareEncoders.Kinds.Order());
}

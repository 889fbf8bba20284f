using System.Text;
using System.Text.Json;
using LatentSync.Media.Formats;
using LatentSync.Media.Probe;

namespace LatentSync.Tests.Media.Probe;

public class ProbeParserTests
{
    /// <summary>The tracks that are marked as default, else the first ones; a cover that is marked as one does not count.</summary>
    [Theory]
    [InlineData(0, 0, 1, 3)]
    [InlineData(0, 1, 1, 4)]
    [InlineData(1, 0, 2, 3)]
    public void DefaultTracks_AreTaken(int secondVideo, int secondAudio, int video, int audio)
    {
        var media = ProbeParser.Parse(
            "a.mkv",
            System.Text.Encoding.UTF8.GetBytes(
                FormattableString.Invariant(
                    $$$"""
                    {"format":{"format_name":"matroska,webm"},"streams":[
                    {"index":0,"codec_type":"video","codec_name":"mjpeg","width":64,"height":64,"disposition":{"default":1,"attached_pic":1}},
                    {"index":1,"codec_type":"video","codec_name":"h264","width":64,"height":64,"tags":{"DURATION":"00:01:02.400000000"}},
                    {"index":2,"codec_type":"video","codec_name":"h264","width":32,"height":32,"disposition":{"default":{{{secondVideo}}} }},
                    {"index":3,"codec_type":"audio","codec_name":"aac","sample_rate":"48000","channels":2},
                    {"index":4,"codec_type":"audio","codec_name":"aac","sample_rate":"48000","channels":6,
                     "channel_layout":"5.1","disposition":{"default":{{{secondAudio}}} }}]}
                    """
                )
            )
        );
        Assert.Equal((video, audio, 2, 2), (media.RequireVideo().Index, media.RequireAudio().Index, media.VideoTracks.Count, media.AudioTracks.Count));
        Assert.Equal(TimeSpan.FromSeconds(62.4), media.VideoTracks[0].Duration);
        Assert.Equal((2, 4), (media.WithVideoTrack(2).RequireVideo().Index, media.WithAudioTrack(2).RequireAudio().Index));
        Assert.Throws<LipSyncException>(() => media.WithAudioTrack(3));
        Assert.Throws<LipSyncException>(() => media.WithVideoTrack(0));
    }

    [Fact]
    public void EverythingThere()
    {
        var media = Parse(
            """
            {"index": 1, "codec_name": "hevc", "codec_type": "video", "width": 1080, "height": 1920, "pix_fmt": "yuv420p10le",
             "color_range": "tv", "color_space": "bt2020nc", "color_transfer": "arib-std-b67", "color_primaries": "bt2020",
             "r_frame_rate": "60000/1001", "avg_frame_rate": "30000/1001", "sample_aspect_ratio": "16:15", "start_time": "0.040000",
             "duration": "10.010000", "nb_frames": "300",
             "side_data_list": [{"side_data_type": "Mastering"}, {"side_data_type": "Display Matrix", "rotation": -90}]},
            {"index": 0, "codec_name": "aac", "codec_type": "audio", "sample_rate": "44100", "channels": 2, "duration": "10.008"}
            """
        );
        var video = media.RequireVideo();
        Assert.Equal((1, "hevc", 1080, 1920, 1920, 1080), (video.Index, video.Codec, video.Width, video.Height, video.DisplayWidth, video.DisplayHeight));
        Assert.Equal((90, false, 10, "yuv420p10le"), (video.Rotation, video.RotationIsFromTag, video.Format.BitDepth, video.PixelFormat));
        Assert.Equal((new Rational(30000, 1001), new Rational(60000, 1001)), (video.AverageFrameRate, video.BaseFrameRate));
        Assert.Equal(new ColorTags("tv", "bt2020nc", "arib-std-b67", "bt2020"), video.Color);
        Assert.Equal(new Rational(15, 16), video.SampleAspectRatio);
        Assert.Equal((300, 10.01, 0.04), (video.FrameCount!.Value, video.Duration!.Value.TotalSeconds, video.StartTime!.Value.TotalSeconds));
        Assert.True(video.HasKeyFrameIndex);
        Assert.Equal(new AudioStreamInfo(0, "aac", 44100, 2, TimeSpan.FromSeconds(10.008)), media.RequireAudio());
        Assert.Equal(TimeSpan.FromSeconds(10.5), media.Duration);
    }

    [Fact]
    public void NothingThere()
    {
        var video = Parse(
                """{"index": 0, "codec_type": "video", "width": 8, "height": 8, "avg_frame_rate": "0/0","""
                    + """ "color_space": "unknown", "sample_aspect_ratio": "0:1"}"""
            )
            .RequireVideo();
        Assert.Equal((8, 8, 8, 8, 0, 8), (video.Width, video.Height, video.DisplayWidth, video.DisplayHeight, video.Rotation, video.Format.BitDepth));
        Assert.Null(video.AverageFrameRate);
        Assert.Null(video.FrameCount);
        Assert.Null(video.Duration);
        Assert.Equal(ColorTags.None, video.Color);
        Assert.Equal(new Rational(1, 1), video.SampleAspectRatio);
    }

    [Theory]
    [InlineData("""{"rotation": -90}""", null, 90, false)]
    [InlineData("""{"rotation": 90}""", null, 270, false)]
    [InlineData("""{"rotation": 180}""", null, 180, false)]
    [InlineData("""{"rotation": -180}""", null, 180, false)]
    [InlineData("""{"rotation": 270}""", null, 90, false)]
    [InlineData("""{"rotation": "-90.00"}""", null, 90, false)]
    [InlineData("""{"rotation": 0}""", "90", 0, false)]
    [InlineData("{}", "90", 90, true)]
    [InlineData("{}", "-90", 270, true)]
    [InlineData("{}", "0", 0, false)]
    [InlineData("{}", "upright", 0, false)]
    [InlineData("{}", null, 0, false)]
    public void Rotation(string sideData, string? tag, int clockwise, bool fromTag)
    {
        var tags = tag is null ? "" : $$""", "tags": {"rotate": "{{tag}}"}""";
        var video = Parse($$"""{"index": 0, "codec_type": "video", "width": 64, "height": 48, "side_data_list": [{{sideData}}]{{tags}}}""").RequireVideo();
        Assert.Equal((clockwise, fromTag), (video.Rotation, video.RotationIsFromTag));
        Assert.Equal(clockwise is 90 or 270 ? (48, 64) : (64, 48), (video.DisplayWidth, video.DisplayHeight));
    }

    [Theory]
    [InlineData("4:3", 4.0 / 3)]
    [InlineData("1:2", 0.5)]
    [InlineData("1:1", 1)]
    [InlineData("65535:1", 1)]
    [InlineData("0:1", 1)]
    public void PixelAspect_OnlyWhatCanBeMeant(string text, double expected) =>
        Assert.Equal(
            expected,
            Parse($$"""{"index": 0, "codec_type": "video", "width": 64, "height": 48, "sample_aspect_ratio": "{{text}}"}""").RequireVideo().PixelAspect,
            12
        );

    [Theory]
    [InlineData("tt", true)]
    [InlineData("bb", true)]
    [InlineData("tb", true)]
    [InlineData("bt", true)]
    [InlineData("progressive", false)]
    [InlineData("unknown", false)]
    public void FieldOrder(string order, bool expected) =>
        Assert.Equal(
            expected,
            Parse($$"""{"index": 0, "codec_type": "video", "width": 64, "height": 48, "field_order": "{{order}}"}""").RequireVideo().IsInterlaced
        );

    [Theory]
    [InlineData("yuv420p", 8)]
    [InlineData("yuv422p12be", 12)]
    [InlineData("p010le", 10)]
    [InlineData("gbrp9le", 9)]
    [InlineData("gray16le", 16)]
    [InlineData("rgb48le", 16)]
    [InlineData("le", 8)]
    public void BitDepth(string format, int depth) =>
        Assert.Equal(
            depth,
            Parse($$"""{"index": 0, "codec_type": "video", "width": 64, "height": 48, "pix_fmt": "{{format}}"}""").RequireVideo().Format.BitDepth
        );

    [Theory]
    [InlineData(16384, 8192, true)]
    [InlineData(16385, 16, false)]
    [InlineData(16, 16385, false)]
    [InlineData(16384, 16384, false)]
    public void AbsurdSizes(int width, int height, bool accepted)
    {
        var json = string.Create(CultureInfo.InvariantCulture, $$"""{"index": 0, "codec_type": "video", "width": {{width}}, "height": {{height}}}""");
        if (accepted)
        {
            Assert.Equal(width, Parse(json).RequireVideo().Width);
            return;
        }

        var exception = Assert.Throws<LipSyncException>(() => Parse(json));
        Assert.Equal(LipSyncErrorCode.InvalidInput, exception.Code);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{width}x{height}"), exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"index": 0, "codec_type": "video", "width": 64, "height": 48, "disposition": {"attached_pic": 1}}""", "neither pictures nor sound")]
    [InlineData("""{"index": 0, "codec_type": "video", "width": 0, "height": 0}""", "neither pictures nor sound")]
    [InlineData("""{"index": 0, "codec_type": "video", "width": 64, "height": 48, "nb_frames": "0"}""", "no frames")]
    [InlineData("""{"index": 0, "codec_type": "video", "width": 64, "height": 48, "duration": "0.000000"}""", "no frames")]
    [InlineData("""{"index": 0, "codec_type": "audio", "sample_rate": "8000", "channels": 1}""", "sound but no pictures")]
    [InlineData("", "neither pictures nor sound")]
    public void NoVideo(string stream, string words)
    {
        var exception = Assert.Throws<LipSyncException>(() => Parse(stream).RequireVideo());
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
        Assert.Contains("\"film.mp4\"", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SecondOfAKind_IsIgnored() =>
        Assert.Equal(
            1,
            Parse(
                    """
                    {"index": 0, "codec_type": "video", "width": 64, "height": 48, "disposition": {"attached_pic": 1}},
                    {"index": 1, "codec_type": "video", "width": 64, "height": 48},
                    {"index": 2, "codec_type": "video", "width": 32, "height": 32}
                    """
                )
                .RequireVideo()
                .Index
        );

    /// <summary>Tags go back to ffmpeg as arguments.</summary>
    [Fact]
    public void StrangeColorTag_IsDropped() =>
        Assert.Null(Parse("""{"index": 0, "codec_type": "video", "width": 64, "height": 48, "color_space": "bt709,drawtext=x"}""").RequireVideo().Color.Matrix);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"format": 1}""")]
    [InlineData("""{"format": {}, "streams": [{"codec_type": "video", "width": 8, "height": 8}]}""")]
    [InlineData("""{"format": {}, "streams": [{"codec_type": "\ud800"}]}""")]
    public void NotAnAnswer(string json) => Assert.ThrowsAny<JsonException>(() => ProbeParser.Parse("film.mp4", Encoding.UTF8.GetBytes(json)));

    private static MediaInfo Parse(string streams) =>
        ProbeParser.Parse(
            "film.mp4",
            Encoding.UTF8.GetBytes("{\"streams\": [" + streams + """], "format": {"format_name": "mov,mp4,m4a,3gp,3g2,mj2", "duration": "10.500000"}}""")
        );
}

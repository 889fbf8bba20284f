using LatentSync.Media;

namespace LatentSync.Tests.Media;

/// <summary>The whole argument list of every command, word for word.</summary>
public class CommandTests
{
    private const string Formats =
        "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,asf,ogg,mxf,nut,ivf,dv,gif,h264,hevc,m4v," +
        "wav,w64,rf64,aiff,au,caf,mp3,aac,flac,ac3,eac3,dts,truehd,amr,amrnb,amrwb,ape,wv,tta";

    private static readonly string[] Restricted = ["-protocol_whitelist", "file", "-format_whitelist", Formats];

    private static readonly VideoStreamInfo Portrait = new()
    {
        Index = 2,
        Codec = "hevc",
        Width = 1920,
        Height = 1080,
        Rotation = 90,
        Color = new ColorTags("tv", "bt709", "bt709", "bt709"),
    };

    [Fact]
    public void Probe() => Assert.Equal(
        ["-hide_banner", "-loglevel", "error", .. Restricted, "-show_format", "-show_streams", "-of", "json", "-i", "file:/v/-i http:x"],
        MediaProbe.Arguments("/v/-i http:x"));

    [Fact]
    public void Read_OnTheGrid_FromTheMiddle() => Assert.Equal(
        [
            "-nostdin", "-hide_banner", "-loglevel", "error", "-copyts", "-start_at_zero", .. Restricted,
            "-noaccurate_seek", "-ss", "9.5", "-reinit_filter", "0", "-i", "file:/v/a b.mp4", "-map", "0:2",
            "-vf", "fps=fps=25/1:start_time=0:round=near,trim=start_frame=263,scale=w=1080:h=1920:in_color_matrix=bt709:in_range=tv:out_range=pc:flags=accurate_rnd+full_chroma_int+neighbor,format=rgb24,settb=1/25,setpts=N",
            "-r", "25", "-frames:v", "40", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1",
        ],
        VideoReadCommand.Arguments("/v/a b.mp4", Portrait, new VideoReadOptions { StartFrame = 263, FrameLimit = 40 }, 9.5));

    [Fact]
    public void Read_SourceFramesFromTheMiddle_TurnedByTag() => Assert.Equal(
        [
            "-nostdin", "-hide_banner", "-loglevel", "error", "-copyts", "-start_at_zero", .. Restricted,
            "-noaccurate_seek", "-ss", "0", "-reinit_filter", "0", "-i", "file:/v/a.mkv", "-map", "0:2",
            "-vf", "setpts='if(isnan(PREV_OUTPTS),max(if(isnan(PTS),0,PTS),0),max(if(isnan(PTS),PREV_OUTPTS+3003,PTS),PREV_OUTPTS+1))',trim=start_pts=900,transpose=clock,scale=w=1080:h=1920:in_color_matrix=bt709:in_range=pc:out_range=pc:flags=accurate_rnd+full_chroma_int+neighbor,format=rgb24",
            "-enc_time_base", "1/90000", "-map_metadata", "-1", "-c:v", "rawvideo", "-f", "nut", "-pix_fmt", "rgb24", "pipe:1",
        ],
        VideoReadCommand.Arguments(
            "/v/a.mkv",
            Portrait with { RotationIsFromTag = true, TimeBase = new Rational(1, 90000), AverageFrameRate = new Rational(30000, 1001), Color = ColorTags.None with { Range = "pc" } },
            new VideoReadOptions { FrameRate = null, StartFrame = 2, StartTicks = 900 },
            0));

    [Fact]
    public void Seek() => Assert.Equal(
        [
            "-nostdin", "-hide_banner", "-loglevel", "error", "-copyts", "-start_at_zero", .. Restricted,
            "-noaccurate_seek", "-ss", "1001.033333", "-i", "file:/v/a.mp4", "-map", "0:2",
            "-c", "copy", "-copypriorss", "1", "-frames:v", "1", "-f", "framecrc", "pipe:1",
        ],
        SeekPoint.Arguments("/v/a.mp4", Portrait, 1001.0 + (1.0 / 30)));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Audio(bool hasVideo) => Assert.Equal(
        [
            "-nostdin", "-hide_banner", "-loglevel", "error", .. Restricted, "-i", "file:/v/a.mp4", "-map", "0:1",
            .. hasVideo ? (string[])["-af", "aresample=async=1:first_pts=0"] : [],
            "-ar", "16000", "-ac", "1", "-t", "43201", "-f", "s16le", "pipe:1",
        ],
        AudioReader.Arguments("/v/a.mp4", new AudioStreamInfo(1, "aac", 44100, 2, null), hasVideo));

    [Fact]
    public void Encode_KeepsTags() => Assert.Equal(
        [
            "-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-protocol_whitelist", "pipe",
            "-f", "matroska", "-i", "pipe:0",
            "-vf", "scale=in_range=pc:out_color_matrix=bt601:out_range=tv:flags=accurate_rnd+full_chroma_inp+area,format=yuv420p,setsar=16/15",
            "-fps_mode", "passthrough", "-enc_time_base", "1/30000",
            "-c:v", "libx264", "-preset", "veryfast", "-crf", "13", "-x264-params", "force-cfr=1", "-video_track_timescale", "30000",
            "-color_range", "tv", "-colorspace", "bt470bg", "-color_trc", "gamma28", "-color_primaries", "bt470bg",
            "-movflags", "+faststart", "-f", "mp4", "file:/v/.a.partial",
        ],
        VideoWriteCommand.Encode(Options with { Color = new ColorTags("tv", "bt470bg", "bt470bg", "bt470bg") }, "mp4", "/v/.a.partial"));

    [Fact]
    public void Encode_OddAndUntagged() => Assert.Equal(
        [
            "-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-protocol_whitelist", "pipe",
            "-f", "matroska", "-i", "pipe:0",
            "-vf", "scale=in_range=pc:out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_inp+area,format=yuv444p,setsar=16/15",
            "-fps_mode", "passthrough", "-enc_time_base", "1/30000",
            "-c:v", "libx264", "-preset", "veryfast", "-crf", "13", "-x264-params", "force-cfr=1", "-f", "matroska", "file:/v/.a.partial",
        ],
        VideoWriteCommand.Encode(Options with { Width = 1921 }, "matroska", "/v/.a.partial"));

    [Theory]
    [InlineData("/v/a.mp4", "aac", "copy", "mp4")]
    [InlineData("/v/a.MP4", "pcm_s16le", "aac", "mp4")]
    [InlineData("/v/a.mov", "opus", "aac", "mov")]
    [InlineData("/v/a.mkv", "pcm_s16le", "copy", "matroska")]
    public void Mux(string path, string codec, string expected, string muxer) => Assert.Equal(
        [
            "-nostdin", "-hide_banner", "-loglevel", "error", "-y",
            "-protocol_whitelist", "file", "-f", "mp4", "-i", "file:/v/.p", .. Restricted, "-t", "12.345000", "-i", "file:/v/s",
            "-map", "0:v:0", "-map", "1:3", "-map_chapters", "-1", "-c:v", "copy",
            .. muxer == "matroska" ? [] : (string[])["-video_track_timescale", "30000"],
            "-c:a", expected,
            .. expected == "aac" ? (string[])["-b:a", "256k"] : [],
            "-strict", "experimental",
            .. muxer == "matroska" ? [] : (string[])["-movflags", "+faststart"],
            "-f", muxer, "file:/v/.q",
        ],
        VideoWriteCommand.Mux(Options with { Path = path }, "/v/.p", Sound(codec), SoundEdit.None, TimeSpan.FromSeconds(12.345), "/v/.q"));

    /// <summary>What was changed is encoded again, without loss where that is possible.</summary>
    [Theory]
    [InlineData("/v/a.mp4", "aac", "aac")]
    [InlineData("/v/a.mp4", "flac", "flac")]
    [InlineData("/v/a.mp4", "pcm_s24le", "aac")]
    [InlineData("/v/a.mov", "pcm_s24le", "pcm_s24le")]
    [InlineData("/v/a.mkv", "opus", "aac")]
    public void Mux_EditedSound(string path, string codec, string expected)
    {
        var command = VideoWriteCommand.Mux(
            Options with { Path = path }, "/v/.p", Sound(codec), new SoundEdit { Start = 1.5 }, TimeSpan.FromSeconds(2), "/v/.q");
        Assert.Equal(expected, command[command.ToList().IndexOf("-c:a") + 1]);
        Assert.Equal("[1:3]atrim=start_sample=66150,asetpts=N/SR/TB,apad=whole_len=88200,atrim=end_sample=88200[sound]", command[command.ToList().IndexOf("-filter_complex") + 1]);
        Assert.Contains("[sound]", command);
        Assert.DoesNotContain("-t", command);
    }

    [Fact]
    public void Mux_MixedSound()
    {
        var edit = new SoundEdit { Under = new SoundUnder("/v/b.mp4", new AudioStreamInfo(1, "aac", 48000, 6, null), -12.5, PassTicks: 36036, 30030, StartsOver: true) };
        var command = VideoWriteCommand.Mux(Options, "/v/.p", Sound("aac"), edit, TimeSpan.FromSeconds(2), "/v/.q");
        Assert.Equal(
            "[1:3]atrim=start_sample=0,asetpts=N/SR/TB,apad=whole_len=88200,atrim=end_sample=88200,aformat=channel_layouts=stereo[over];"
            + "[2:1]aresample=44100:async=1:first_pts=0,aformat=channel_layouts=stereo,apad=whole_len=52920,atrim=end_sample=52920,aloop=loop=-1:size=52920,"
            + "asetpts=N/SR/TB,apad=whole_len=88200,atrim=end_sample=88200,volume=-12.5dB[under];[over][under]amix=inputs=2:duration=first:normalize=0[sound]",
            command[command.ToList().IndexOf("-filter_complex") + 1]);
        Assert.Equal([.. Restricted, "-i", "file:/v/b.mp4"], command.Skip(command.ToList().IndexOf("file:/v/b.mp4") - 5).Take(6));
    }

    [Theory]
    [InlineData(VideoCodec.H264, "-c:v libx264 -preset slow -crf 20 -x264-params force-cfr=1 -video_track_timescale 30000 -movflags", "mp4")]
    [InlineData(VideoCodec.Hevc, "-c:v libx265 -preset slow -crf 20 -x265-params log-level=error -tag:v hvc1 -video_track_timescale 30000 -movflags", "mp4")]
    [InlineData(VideoCodec.Hevc, "-c:v libx265 -preset slow -crf 20 -x265-params log-level=error -f", "matroska")]
    public void Encode_WithSettings(VideoCodec codec, string expected, string muxer)
    {
        var encoding = new VideoEncoding { Codec = codec, Crf = 20, Preset = "slow", PixelFormat = "yuv422p10le" };
        var command = string.Join(' ', VideoWriteCommand.Encode(Options with { Encoding = encoding }, muxer, "/v/.a.partial"));
        Assert.Contains(expected, command, StringComparison.Ordinal);
        Assert.Contains("format=yuv422p10le,", command, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Picture() => Assert.Equal(
        [
            "-nostdin", "-hide_banner", "-loglevel", "error", "-copyts", "-start_at_zero",
            "-protocol_whitelist", "file", "-format_whitelist", "png_pipe", "-f", "png_pipe", "-reinit_filter", "0", "-i", "file:/v/a%d.png", "-map", "0:0",
            "-vf", "fps=fps=25/1:start_time=0:round=near,format=gbrap,premultiply=inplace=1,scale=w=64:h=48:in_color_matrix=bt601:in_range=tv:out_range=pc:flags=accurate_rnd+full_chroma_int+neighbor,format=rgb24,settb=1/25,setpts=N",
            "-r", "25", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1",
        ],
        VideoReadCommand.Arguments(
            "/v/a%d.png", new VideoStreamInfo { Index = 0, Codec = "png", Width = 64, Height = 48, PixelFormat = "rgba", StillDemuxer = "png_pipe" }, new VideoReadOptions(), null));

    private static MediaInfo Sound(string codec) => new("/v/s", "matroska", null, null, new AudioStreamInfo(3, codec, 44100, 2, null));

    private static VideoWriteOptions Options { get; } = new()
    {
        Path = "/v/a.mp4",
        Width = 720,
        Height = 576,
        Clock = new FrameClock(30000, 30000 / 1001.0),
        SampleAspectRatio = new Rational(16, 15),
    };
}

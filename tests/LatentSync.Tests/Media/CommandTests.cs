using LatentSync.Media.Formats;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.Media.Sound;
using LatentSync.Media.Write;
using LatentSync.Timeline;

namespace LatentSync.Tests.Media;

/// <summary>The whole argument list of every command, word for word.</summary>
public class CommandTests
{
    private const string Formats =
        "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,asf,ogg,mxf,nut,ivf,dv,gif,apng,h264,hevc,m4v,"
        + "wav,w64,rf64,aiff,au,caf,mp3,aac,flac,ac3,eac3,dts,truehd,amr,amrnb,amrwb,ape,wv,tta";

    private const string RunUp = "noise=drop='lte(pts+duration,1)*lt(pts,-5)',setts=ts='max(TS,0)':duration='max(min(DURATION,12345-PTS),0)'";

    private static readonly string Steady = MediaClock.SteadySound(new AudioStreamInfo(3, "aac", 44100, 2, null));

    private static readonly LastFrame TwoSeconds = new(58999, 60000);
    private static readonly string LastTwoSeconds = Duration(58999, 60000);

    // 12.345 s.
    private static readonly LastFrame Later = new(369349, 370350);

    private static readonly string[] Clock = ["-dts_delta_threshold", "3"];

    private static readonly string[] Restricted = ["-protocol_whitelist", "file", "-format_whitelist", Formats];

    private static readonly VideoStreamInfo Portrait = new()
    {
        Index = 2,
        Codec = "hevc",
        Width = 1920,
        Height = 1080,
        Rotation = 90,
        Color = new ColorTags("tv", "bt709", "bt709", "bt709"),
        HasKeyFrameIndex = true,
    };

    [Fact]
    public void Probe() =>
        Assert.Equal(
            ["-hide_banner", "-loglevel", "error", .. Restricted, "-show_format", "-show_streams", "-of", "json", "-i", "file:/v/-i http:x"],
            MediaProbe.Arguments("/v/-i http:x")
        );

    [Fact]
    public void Read_OnTheGrid_FromTheMiddle() =>
        Assert.Equal(
            [
                "-nostdin",
                "-hide_banner",
                "-loglevel",
                "error",
                "-copyts",
                "-start_at_zero",
                .. Restricted,
                "-noaccurate_seek",
                "-ss",
                "9.5",
                "-reinit_filter",
                "0",
                .. Clock,
                "-i",
                "file:/v/a b.mp4",
                "-map",
                "0:2",
                "-vf",
                "fps=fps=25/1:start_time=0:round=near,trim=start_frame=263,scale=w=1080:h=1920:in_color_matrix=bt709:in_range=tv:out_range=pc:"
                    + "flags=accurate_rnd+full_chroma_int+neighbor,format=rgb24,settb=1/25,setpts=N",
                "-r",
                "25",
                "-frames:v",
                "40",
                "-f",
                "rawvideo",
                "-pix_fmt",
                "rgb24",
                "pipe:1",
            ],
            VideoReadCommand.Arguments("/v/a b.mp4", Portrait, new VideoReadOptions { StartFrame = 263, FrameLimit = 40 }, 9.5)
        );

    [Fact]
    public void Read_SourceFramesFromTheMiddle_TurnedByTag() =>
        Assert.Equal(
            [
                "-nostdin",
                "-hide_banner",
                "-loglevel",
                "error",
                "-copyts",
                "-start_at_zero",
                .. Restricted,
                "-noaccurate_seek",
                "-ss",
                "0",
                "-reinit_filter",
                "0",
                .. Clock,
                "-i",
                "file:/v/a.mkv",
                "-map",
                "0:2",
                "-vf",
                "setpts='if(isnan(PREV_OUTPTS),max(if(isnan(PTS),0,PTS),0),st(1,if(isnan(PTS),PREV_OUTPTS+3003,PTS+ld(0)));"
                    + "st(0,ld(0)+if(lt(ld(1),PREV_OUTPTS-45000),PREV_OUTPTS+3003-ld(1),0));"
                    + "max(if(lt(ld(1),PREV_OUTPTS-45000),PREV_OUTPTS+3003,ld(1)),PREV_OUTPTS+1))',"
                    + "trim=start_pts=900,transpose=clock,scale=w=1080:h=1920:in_color_matrix=bt709:in_range=pc:out_range=pc:"
                    + "flags=accurate_rnd+full_chroma_int+neighbor,format=rgb24",
                "-enc_time_base",
                "1/90000",
                "-map_metadata",
                "-1",
                "-c:v",
                "rawvideo",
                "-f",
                "nut",
                "-pix_fmt",
                "rgb24",
                "pipe:1",
            ],
            VideoReadCommand.Arguments(
                "/v/a.mkv",
                Portrait with
                {
                    RotationIsFromTag = true,
                    TimeBase = new Rational(1, 90000),
                    AverageFrameRate = new Rational(30000, 1001),
                    Color = ColorTags.None with { Range = "pc" },
                },
                new VideoReadOptions
                {
                    FrameRate = null,
                    StartFrame = 2,
                    StartTicks = 900,
                },
                0
            )
        );

    /// <summary>Fields come first, while they are fields; then time; then what is looked at is turned and coloured.</summary>
    [Fact]
    public void Read_Interlaced() =>
        Assert.Contains(
            "-vf scale=w=1920:h=1080,bwdif=mode=send_frame:deint=all,fps=fps=25/1:start_time=0:round=near,scale=w=1080:h=1920:in_color_matrix=bt709",
            string.Join(' ', VideoReadCommand.Arguments("/v/a.ts", Portrait with { IsInterlaced = true }, new VideoReadOptions(), null)),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("smpte2084", "tin=smpte2084")]
    [InlineData("arib-std-b67", "tin=arib-std-b67")]
    public void Read_HighDynamicRange(string transfer, string expected) =>
        Assert.Contains(
            $",scale=w=1080:h=1920,zscale={expected}:min=bt2020nc:pin=bt2020:rin=limited:t=linear:npl=203,format=gbrpf32le,"
                + "zscale=p=bt709,tonemap=tonemap=mobius:desat=0:peak=4.926,zscale=t=bt709:m=gbr:r=full,format=gbrp,format=rgb24,",
            string.Join(
                ' ',
                VideoReadCommand.Arguments(
                    "/v/a.mp4",
                    Portrait with
                    {
                        Color = new ColorTags("tv", "bt2020nc", transfer, "bt2020"),
                    },
                    new VideoReadOptions(),
                    null
                )
            ),
            StringComparison.Ordinal
        );

    /// <summary>Where nothing is sought, ffmpeg may mend clocks that start again; a file that begins before its own 0 keeps that 0.</summary>
    [Fact]
    public void Read_WithoutSeeking()
    {
        var info = Portrait with { HasKeyFrameIndex = false, FileStart = TimeSpan.FromMilliseconds(-7) };
        var command = string.Join(' ', VideoReadCommand.Arguments("/v/a.ts", info, new VideoReadOptions(), null));
        Assert.DoesNotContain("-copyts", command, StringComparison.Ordinal);
        Assert.Contains(" -dts_delta_threshold 3 -itsoffset -0.007 -i file:/v/a.ts", command, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SeparateAlpha()
    {
        var info = new VideoStreamInfo
        {
            Index = 0,
            Codec = "vp9",
            Width = 64,
            Height = 48,
            PixelFormat = "yuv420p",
            HasSeparateAlpha = true,
        };
        var command = string.Join(' ', VideoReadCommand.Arguments("/v/a.webm", info, new VideoReadOptions(), null));
        Assert.Contains(" -c:v libvpx-vp9 -reinit_filter 0 -dts_delta_threshold 3 -i file:", command, StringComparison.Ordinal);
        Assert.Contains(",format=gbrap,premultiply=inplace=1,format=rgb24,", command, StringComparison.Ordinal);
    }

    [Fact]
    public void Seek() =>
        Assert.Equal(
            [
                "-nostdin",
                "-hide_banner",
                "-loglevel",
                "error",
                "-copyts",
                "-start_at_zero",
                .. Restricted,
                "-noaccurate_seek",
                "-ss",
                "1001.033333",
                .. Clock,
                "-i",
                "file:/v/a.mp4",
                "-map",
                "0:2",
                "-c",
                "copy",
                "-copypriorss",
                "1",
                "-frames:v",
                "1",
                "-f",
                "framecrc",
                "pipe:1",
            ],
            SeekPoint.Arguments("/v/a.mp4", Portrait, 1001.0 + (1.0 / 30))
        );

    [Theory]
    [InlineData(0, 2, "")]
    [InlineData(-21, 2, "-itsoffset -0.021 ")]
    [InlineData(1400, 10, "")]
    public void Audio(int startMilliseconds, int channels, string offset)
    {
        var media = new MediaInfo("/v/a.mp4", "mov", null, null, new AudioStreamInfo(1, "aac", 44100, channels, null))
        {
            StartTime = TimeSpan.FromMilliseconds(startMilliseconds),
        };
        const string tenth = "0.1*c0+0.1*c1+0.1*c2+0.1*c3+0.1*c4+0.1*c5+0.1*c6+0.1*c7+0.1*c8+0.1*c9";
        Assert.Equal(
            [
                "-nostdin",
                "-hide_banner",
                "-loglevel",
                "error",
                .. Restricted,
                .. Clock,
                .. offset.Split(' ', StringSplitOptions.RemoveEmptyEntries),
                "-i",
                "file:/v/a.mp4",
                "-map",
                "0:1",
                "-af",
                Steady + (channels > 8 ? ",pan=mono|c0=" + tenth : ""),
                "-ar",
                "16000",
                "-ac",
                "1",
                "-t",
                "43201",
                "-f",
                "s16le",
                "pipe:1",
            ],
            AudioReader.Arguments(media)
        );
    }

    [Fact]
    public void Encode_KeepsTags() =>
        Assert.Equal(
            [
                "-nostdin",
                "-hide_banner",
                "-loglevel",
                "error",
                "-y",
                "-protocol_whitelist",
                "pipe",
                "-f",
                "matroska",
                "-i",
                "pipe:0",
                "-vf",
                "scale=in_range=pc:out_color_matrix=bt601:out_range=tv:flags=accurate_rnd+full_chroma_inp+area,format=yuv420p,setsar=16/15,"
                    + "setparams=range=tv:colorspace=bt470bg:color_trc=bt470bg:color_primaries=bt470bg",
                "-fps_mode",
                "passthrough",
                "-enc_time_base",
                "1/30000",
                "-c:v",
                "libx264",
                "-preset",
                "veryfast",
                "-crf",
                "13",
                "-x264-params",
                "force-cfr=1",
                "-video_track_timescale",
                "30000",
                "-color_range",
                "tv",
                "-colorspace",
                "bt470bg",
                "-color_trc",
                "gamma28",
                "-color_primaries",
                "bt470bg",
                "-movflags",
                "+faststart",
                "-f",
                "mp4",
                "file:/v/.a.partial",
            ],
            VideoWriteCommand.Encode(Options with { Color = new ColorTags("tv", "bt470bg", "bt470bg", "bt470bg") }, "mp4", "/v/.a.partial")
        );

    [Fact]
    public void Encode_OddAndUntagged() =>
        Assert.Equal(
            [
                "-nostdin",
                "-hide_banner",
                "-loglevel",
                "error",
                "-y",
                "-protocol_whitelist",
                "pipe",
                "-f",
                "matroska",
                "-i",
                "pipe:0",
                "-vf",
                "scale=in_range=pc:out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_inp+area,format=yuv444p,setsar=16/15",
                "-fps_mode",
                "passthrough",
                "-enc_time_base",
                "1/30000",
                "-c:v",
                "libx264",
                "-preset",
                "veryfast",
                "-crf",
                "13",
                "-x264-params",
                "force-cfr=1",
                "-f",
                "matroska",
                "file:/v/.a.partial",
            ],
            VideoWriteCommand.Encode(Options with { Width = 1921 }, "matroska", "/v/.a.partial")
        );

    [Theory]
    [InlineData("yuv422p10le", VideoCodec.Hevc, "yuv422p10le", null)]
    [InlineData("yuv420p", VideoCodec.H264, "yuv420p", "center")]
    public void Encode_FollowsTheSource(string source, VideoCodec codec, string expected, string? location)
    {
        var options = Options with
        {
            SourceFormat = PictureFormat.Parse(source),
            ChromaLocation = "center",
            Encoding = new VideoEncoding { Codec = codec },
        };
        var command = VideoWriteCommand.Encode(options, "mp4", "/v/.a.partial").ToList();
        Assert.Contains($",format={expected},setsar", command[command.IndexOf("-vf") + 1], StringComparison.Ordinal);
        var at = command.IndexOf("-chroma_sample_location");
        Assert.Equal(location, at < 0 ? null : command[at + 1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MuxSource_TakesThePicturesAsTheyAre(bool isCut)
    {
        var source = new MediaInfo("/v/b.mp4", "mov", null, Portrait, null);
        Assert.Equal(
            [
                "-nostdin",
                "-hide_banner",
                "-loglevel",
                "error",
                "-y",
                .. Restricted,
                .. Clock,
                .. isCut ? (string[])["-t", "2.000000"] : [],
                "-i",
                "file:/v/b.mp4",
                .. Restricted,
                .. Clock,
                "-t",
                "2.000000",
                "-i",
                "file:/v/s",
                "-map",
                "0:2",
                "-map_chapters",
                "-1",
                "-c:v",
                "copy",
                "-video_track_timescale",
                "30000",
                "-bsf:v",
                (isCut ? "noise=drop='gte(pts-startpts,60000)'," : "") + LastTwoSeconds,
                "-map",
                "1:3",
                "-c:a",
                "copy",
                "-strict",
                "experimental",
                "-movflags",
                "+faststart",
                "-f",
                "mp4",
                "file:/v/.q",
            ],
            VideoWriteCommand.MuxSource(Options, source, isCut, Sound("aac"), SoundEdit.None, TwoSeconds, "/v/.q")
        );
    }

    [Theory]
    [InlineData("/v/a.mp4", "aac", "mp4", "")]
    [InlineData("/v/a.mov", "alac", "mov", "")]
    [InlineData("/v/a.mkv", "pcm_s16le", "matroska", RunUp)]
    [InlineData("/v/a.mkv", "opus", "matroska", "setts=duration='max(min(DURATION,12345-PTS),0)'")]
    public void Mux_CopiedSound(string path, string codec, string muxer, string filter) =>
        Assert.Equal(
            [
                .. BeforeSound,
                "-t",
                "12.345000",
                "-i",
                "file:/v/s",
                .. Pictures(muxer),
                "-map",
                "1:3",
                "-c:a",
                "copy",
                .. filter.Length > 0 ? (string[])["-bsf:a", filter] : [],
                .. AfterSound(muxer),
            ],
            VideoWriteCommand.Mux(Options with { Path = path }, VideoWriteCommand.Whole(Options, "/v/.p"), Sound(codec), SoundEdit.None, Later, "/v/.q")
        );

    [Theory]
    [InlineData("/v/a.MP4", "mp4", "")]
    [InlineData("/v/a.mov", "mov", "")]
    [InlineData("/v/a.mkv", "matroska", RunUp)]
    public void Mux_EncodedSound(string path, string muxer, string filter) =>
        Assert.Equal(
            [
                .. BeforeSound,
                "-i",
                "file:/v/s",
                "-filter_complex",
                $"[1:3]{Steady},aformat=sample_rates=44100,atrim=start_sample=0," + "asetpts=N/SR/TB,apad=whole_len=544414,atrim=end_sample=544414[sound]",
                .. Pictures(muxer),
                "-map",
                "[sound]",
                "-c:a",
                "aac",
                "-b:a",
                "256k",
                .. filter.Length > 0 ? (string[])["-bsf:a", filter] : [],
                .. AfterSound(muxer),
            ],
            VideoWriteCommand.Mux(
                Options with
                {
                    Path = path,
                },
                VideoWriteCommand.Whole(Options, "/v/.p"),
                Sound("opus") with
                {
                    IsCopied = false,
                },
                SoundEdit.None,
                Later,
                "/v/.q"
            )
        );

    /// <summary>What was changed is encoded again, without loss where that is possible.</summary>
    [Theory]
    [InlineData("/v/a.mp4", "aac", "aac")]
    [InlineData("/v/a.mp4", "flac", "flac")]
    [InlineData("/v/a.mp4", "pcm_s24le", "aac")]
    [InlineData("/v/a.mov", "pcm_s24le", "pcm_s24le")]
    [InlineData("/v/a.mkv", "opus", "aac")]
    public void Mux_EditedSound(string path, string codec, string expected)
    {
        var sound = Sound(codec) with { Encoder = OutputContainer.ForPath(path).Encoder(codec) };
        var command = VideoWriteCommand.Mux(
            Options with
            {
                Path = path,
            },
            VideoWriteCommand.Whole(Options, "/v/.p"),
            sound,
            new SoundEdit { Start = 1.5 },
            TwoSeconds,
            "/v/.q"
        );
        Assert.Equal(expected, command[command.ToList().IndexOf("-c:a") + 1]);
        Assert.Equal(
            $"[1:3]{Steady},aformat=sample_rates=44100,atrim=start_sample=66150,asetpts=N/SR/TB,apad=whole_len=88200,atrim=end_sample=88200[sound]",
            command[command.ToList().IndexOf("-filter_complex") + 1]
        );
        Assert.Contains("[sound]", command);
        Assert.DoesNotContain("-t", command);
    }

    [Fact]
    public void Mux_MixedSound()
    {
        var under = new MediaInfo("/v/b.mp4", "mov", null, null, new AudioStreamInfo(1, "aac", 48000, 6, null));
        var edit = new SoundEdit { Under = new SoundUnder(under, -12.5, Start: 0, PassTicks: 36036, TicksPerSecond: 30030, StartsOver: true) };
        var command = VideoWriteCommand.Mux(Options, VideoWriteCommand.Joined("/v/list"), Sound("aac"), edit, TwoSeconds, "/v/.q");
        Assert.Equal(
            $"[1:3]{Steady},aformat=sample_rates=44100,atrim=start_sample=0,"
                + "asetpts=N/SR/TB,apad=whole_len=88200,atrim=end_sample=88200,aformat=channel_layouts=stereo[over];"
                + $"[2:1]{Steady},aresample=44100,aformat=channel_layouts=stereo,apad=whole_len=52920,atrim=end_sample=52920,aloop=loop=-1:size=52920,"
                + "asetpts=N/SR/TB,apad=whole_len=88200,atrim=end_sample=88200,volume=-12.5dB[under];"
                + "[over][under]amix=inputs=2:duration=first:normalize=0[sound]",
            command[command.ToList().IndexOf("-filter_complex") + 1]
        );
        Assert.Equal([.. Restricted, .. Clock, "-i", "file:/v/b.mp4"], command.Skip(command.ToList().IndexOf("file:/v/b.mp4") - 7).Take(8));
    }

    [Theory]
    [InlineData(VideoCodec.H264, "-c:v libx264 -preset slow -crf 20 -x264-params force-cfr=1 -video_track_timescale 30000 -movflags", "mp4")]
    [InlineData(VideoCodec.Hevc, "-c:v libx265 -preset slow -crf 20 -x265-params log-level=error -tag:v hvc1 -video_track_timescale 30000 -movflags", "mp4")]
    [InlineData(VideoCodec.Hevc, "-c:v libx265 -preset slow -crf 20 -x265-params log-level=error -f", "matroska")]
    public void Encode_WithSettings(VideoCodec codec, string expected, string muxer)
    {
        var encoding = new VideoEncoding
        {
            Codec = codec,
            Crf = 20,
            Preset = "slow",
            PixelFormat = "yuv422p10le",
        };
        var command = string.Join(' ', VideoWriteCommand.Encode(Options with { Encoding = encoding }, muxer, "/v/.a.partial"));
        Assert.Contains(expected, command, StringComparison.Ordinal);
        Assert.Contains("format=yuv422p10le,", command, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Picture() =>
        Assert.Equal(
            [
                "-nostdin",
                "-hide_banner",
                "-loglevel",
                "error",
                "-copyts",
                "-start_at_zero",
                "-protocol_whitelist",
                "file",
                "-format_whitelist",
                "png_pipe",
                "-f",
                "png_pipe",
                "-noautorotate",
                "-reinit_filter",
                "0",
                .. Clock,
                "-i",
                "file:/v/a%d.png",
                "-map",
                "0:0",
                "-vf",
                "fps=fps=25/1:start_time=0:round=near,scale=w=64:h=48:in_color_matrix=bt601:in_range=tv:out_range=pc:"
                    + "flags=accurate_rnd+full_chroma_int+neighbor,"
                    + "format=gbrap,premultiply=inplace=1,format=rgb24,settb=1/25,setpts=N",
                "-r",
                "25",
                "-f",
                "rawvideo",
                "-pix_fmt",
                "rgb24",
                "pipe:1",
            ],
            VideoReadCommand.Arguments(
                "/v/a%d.png",
                new VideoStreamInfo
                {
                    Index = 0,
                    Codec = "png",
                    Width = 64,
                    Height = 48,
                    PixelFormat = "rgba",
                    StillDemuxer = "png_pipe",
                },
                new VideoReadOptions(),
                null
            )
        );

    private static ResultSound Sound(string codec) =>
        new(new MediaInfo("/v/s", "matroska", null, null, new AudioStreamInfo(3, codec, 44100, 2, null)), IsCopied: true, "aac", Layout: null);

    private static string[] Pictures(string muxer) =>
        [
            "-map",
            "0:v:0",
            "-map_chapters",
            "-1",
            "-c:v",
            "copy",
            .. muxer == "matroska" ? (string[])["-bsf:v", Duration(12312, 12345)] : ["-video_track_timescale", "30000", "-bsf:v", Duration(369349, 370350)],
        ];

    private static string Duration(long start, long end) =>
        Invariant($"setts=pts=PTS:dts=DTS:duration='if(gte(PTS-STARTPTS,{start})*lt(PTS-STARTPTS,{end}),{end}-PTS+STARTPTS,")
        + Invariant($"if(eq(NEXT_PTS,NOPTS),max({end}-DTS+STARTDTS,DURATION),DURATION))'");

    private static string[] AfterSound(string muxer) =>
        ["-strict", "experimental", .. muxer == "matroska" ? [] : (string[])["-movflags", "+faststart"], "-f", muxer, "file:/v/.q"];

    private static readonly string[] BeforeSound =
    [
        "-nostdin",
        "-hide_banner",
        "-loglevel",
        "error",
        "-y",
        "-protocol_whitelist",
        "file",
        "-f",
        "mp4",
        "-i",
        "file:/v/.p",
        .. Restricted,
        .. Clock,
    ];

    private static VideoWriteOptions Options { get; } =
        new()
        {
            Path = "/v/a.mp4",
            Width = 720,
            Height = 576,
            Clock = new FrameClock(30000, 30000 / 1001.0),
            SampleAspectRatio = new Rational(16, 15),
        };
}

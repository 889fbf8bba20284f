namespace LatentSync.EndToEndTests.Matrix;

/// <summary>A container and an encoder of pictures.</summary>
/// <param name="Extension">Of the file, which chooses ffmpeg's muxer.</param>
/// <param name="Encoder">ffmpeg's arguments.</param>
/// <param name="KeepsTimes">Frames have times of their own, so that holes survive.</param>
/// <param name="HasSound">Sound lies beside it, so that pictures can begin later.</param>
/// <param name="IsShort">Part of the short form.</param>
/// <param name="Refused">A part of the sentence with which the file is refused; null if it is read.</param>
public sealed record PicturePair(string Extension, string Encoder, bool KeepsTimes = true, bool HasSound = true, bool IsShort = false, string? Refused = null)
    : ISourcePair
{
    private const string NotRead = "is not read here";

    /// <summary>What this program reads, and a few that it refuses, as far as ffmpeg writes them.</summary>
    internal static IReadOnlyList<PicturePair> All { get; } =
    [
        new("mp4", "-c:v libx264 -bf 2", IsShort: true),
        new("mp4", "-c:v libx265 -x265-params log-level=error"),
        new("mp4", "-c:v mpeg4"),
        new("mp4", "-c:v libsvtav1 -preset 10"),
        new("mp4", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8"),
        new("mp4", "-c:v mpeg2video"),
        new("mp4", "-c:v mjpeg"),
        new("3gp", "-c:v h263 -s 176x144"),
        new("mov", "-c:v libx264 -bf 0", IsShort: true),
        new("mov", "-c:v prores_ks"),
        new("mov", "-c:v dnxhd -profile:v dnxhr_sq -s 256x128"),
        new("mov", "-c:v qtrle"),
        new("mov", "-c:v mjpeg"),
        new("mov", "-c:v png"),
        new("mkv", "-c:v libx264 -bf 2", IsShort: true),
        new("mkv", "-c:v libx265 -x265-params log-level=error"),
        new("mkv", "-c:v libvpx -deadline realtime"),
        new("mkv", "-c:v libsvtav1 -preset 10"),
        new("mkv", "-c:v ffv1"),
        new("mkv", "-c:v mpeg2video"),
        new("mkv", "-c:v mpeg4"),
        new("mkv", "-c:v libtheora"),
        new("mkv", "-c:v huffyuv"),
        new("mkv", "-c:v prores_ks"),
        new("mkv", "-c:v utvideo"),
        new("mkv", "-c:v mjpeg"),
        new("webm", "-c:v libvpx -deadline realtime -c:a libvorbis", IsShort: true),
        new("webm", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libvorbis"),
        new("avi", "-c:v mpeg4", KeepsTimes: false, IsShort: true),
        new("avi", "-c:v mjpeg", KeepsTimes: false),
        new("avi", "-c:v huffyuv", KeepsTimes: false),
        new("avi", "-c:v msmpeg4v2", KeepsTimes: false),
        new("avi", "-c:v libx264 -bf 0", KeepsTimes: false),
        new("avi", "-c:v rawvideo -pix_fmt yuv420p", KeepsTimes: false),
        new("flv", "-c:v flv -ar 44100 -c:a libmp3lame", IsShort: true),
        new("flv", "-c:v libx264 -ar 44100 -c:a aac"),
        new("wmv", "-c:v wmv2"),
        new("asf", "-c:v msmpeg4"),
        new("ts", "-c:v libx264 -bf 2", IsShort: true),
        new("ts", "-c:v libx265 -x265-params log-level=error"),
        new("ts", "-c:v mpeg2video"),
        new("mpg", "-c:v mpeg1video", KeepsTimes: false),
        new("vob", "-c:v mpeg2video", KeepsTimes: false, IsShort: true),
        new("ogv", "-c:v libtheora -c:a libvorbis", KeepsTimes: false, IsShort: true),
        new("mxf", "-c:v mpeg2video -c:a pcm_s16le", KeepsTimes: false),
        new("nut", "-c:v ffv1"),
        new("nut", "-c:v mpeg4 -bf 2"),
        new("ivf", "-c:v libvpx -deadline realtime", HasSound: false),
        new("ivf", "-c:v libsvtav1 -preset 10", HasSound: false),
        new("dv", "-c:v dvvideo -s 720x576 -pix_fmt yuv420p", KeepsTimes: false, HasSound: false),
        new("gif", "-c:v gif", HasSound: false, IsShort: true),
        new("apng", "-c:v apng", HasSound: false, IsShort: true),
        new("h264", "-c:v libx264 -bf 2", KeepsTimes: false, HasSound: false),
        new("hevc", "-c:v libx265 -x265-params log-level=error", KeepsTimes: false, HasSound: false),
        new("m4v", "-c:v mpeg4", KeepsTimes: false, HasSound: false),
        new("m2v", "-c:v mpeg2video", KeepsTimes: false, HasSound: false),
        new("webp", "-c:v libwebp_anim", HasSound: false, Refused: "is an animated WebP picture", IsShort: true),
        new("y4m", "-c:v wrapped_avframe -pix_fmt yuv420p", KeepsTimes: false, HasSound: false, Refused: NotRead, IsShort: true),
        new("rm", "-c:v rv20 -c:a ac3", Refused: NotRead),
        new("wtv", "-c:v mpeg2video -c:a mp2", Refused: NotRead),
        new("gxf", "-c:v mpeg2video -s 720x576 -c:a pcm_s16le -ac 1", KeepsTimes: false, Refused: NotRead),
        new("obu", "-c:v libsvtav1 -preset 10", KeepsTimes: false, HasSound: false, Refused: NotRead),
        new("mjpeg", "-c:v mjpeg", KeepsTimes: false, HasSound: false, Refused: "is a row of JPEG pictures"),
    ];

    /// <inheritdoc/>
    public string Name => $".{Extension}, {Encoder.Split(' ')[1]}";
}

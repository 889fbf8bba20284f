namespace LatentSync.EndToEndTests.Matrix;

/// <summary>A container and an encoder of sound.</summary>
/// <param name="Extension">Of the file, which chooses ffmpeg's muxer.</param>
/// <param name="Encoder">ffmpeg's arguments.</param>
/// <param name="Lag">Milliseconds that the codec adds and that the container does not tell: no player knows of them.</param>
/// <param name="LateLag">The same where the file begins late; null if it is the same. A run-up is hidden only where the file begins at 0.</param>
/// <param name="KeepsTimes">Packets have times of their own, so that holes survive.</param>
/// <param name="KeepsStart">ffmpeg sees that the file begins late.</param>
/// <param name="Lost">Seconds of the end that ffmpeg's decoder leaves out where packets do not follow each other from 0 on.</param>
/// <param name="IsShort">Part of the short form.</param>
/// <param name="Refused">A part of the sentence with which the file is refused; null if it is read.</param>
public sealed record SoundPair(
    string Extension,
    string Encoder,
    int Lag = 0,
    int? LateLag = null,
    bool KeepsTimes = true,
    bool KeepsStart = true,
    double Lost = 0,
    bool IsShort = false,
    string? Refused = null
) : ISourcePair
{
    private const string NotRead = "is not read here";

    /// <summary>What this program reads, and a few that it refuses, as far as ffmpeg writes them.</summary>
    internal static IReadOnlyList<SoundPair> All { get; } =
    [
        new("m4a", "-c:a aac", LateLag: 21, IsShort: true),
        new("m4a", "-c:a alac"),
        new("mp4", "-c:a aac", LateLag: 21),
        new("mp4", "-c:a libmp3lame", LateLag: 23),
        new("mp4", "-c:a ac3"),
        new("mp4", "-c:a eac3"),
        new("mp4", "-c:a libopus -ar 48000", LateLag: 7),
        new("mp4", "-c:a flac -strict -2"),
        new("mp4", "-c:a dca -strict -2 -ar 48000", Lag: 11),
        new("3gp", "-c:a aac", LateLag: 21),
        new("mov", "-c:a pcm_s16le", KeepsTimes: false, IsShort: true),
        new("mov", "-c:a pcm_s24be", KeepsTimes: false),
        new("mov", "-c:a pcm_mulaw", KeepsTimes: false),
        new("mov", "-c:a adpcm_ima_qt"),
        new("mka", "-c:a aac", Lag: 21),
        new("mka", "-c:a libmp3lame", Lag: 23),
        new("mka", "-c:a libopus -ar 48000", LateLag: 7, IsShort: true),
        new("mka", "-c:a libvorbis", IsShort: true),
        new("mka", "-c:a flac"),
        new("mka", "-c:a alac"),
        new("mka", "-c:a pcm_s16le"),
        new("mka", "-c:a pcm_f32le"),
        new("mka", "-c:a ac3"),
        new("mka", "-c:a eac3"),
        new("mka", "-c:a dca -strict -2 -ar 48000", Lag: 11),
        new("mka", "-c:a truehd -strict -2"),
        new("mka", "-c:a mp2", Lag: 10),
        new("mka", "-c:a tta", Lost: 0.87),
        new("mka", "-c:a wavpack"),
        new("webm", "-c:a libopus -ar 48000", LateLag: 7),
        new("webm", "-c:a libvorbis"),
        new("ogg", "-c:a libvorbis", IsShort: true),
        new("ogg", "-c:a libopus -ar 48000"),
        new("ogg", "-c:a flac", KeepsStart: false),
        new("ogg", "-c:a libspeex -ar 16000", Lag: 10),
        new("opus", "-c:a libopus -ar 48000"),
        new("avi", "-c:a libmp3lame", Lag: 23, KeepsTimes: false),
        new("avi", "-c:a pcm_s16le", KeepsTimes: false),
        new("avi", "-c:a ac3", KeepsTimes: false),
        new("flv", "-c:a libmp3lame -ar 44100", Lag: 25, IsShort: true),
        new("flv", "-c:a aac", Lag: 21),
        new("wmv", "-c:a wmav2", Lag: 43),
        new("wma", "-c:a wmav1", Lag: 43),
        new("ts", "-c:a aac", Lag: 21, IsShort: true),
        new("ts", "-c:a mp2", Lag: 10),
        new("ts", "-c:a ac3"),
        new("ts", "-c:a libopus -ar 48000", Lag: 7),
        new("mpg", "-c:a mp2", Lag: 10),
        new("vob", "-c:a ac3"),
        new("nut", "-c:a pcm_s16le"),
        new("nut", "-c:a libvorbis"),
        new("wav", "-c:a pcm_s16le", KeepsTimes: false, IsShort: true),
        new("wav", "-c:a pcm_mulaw", KeepsTimes: false),
        new("wav", "-c:a adpcm_ima_wav", KeepsTimes: false),
        new("wav", "-c:a adpcm_ms", KeepsTimes: false),
        new("wav", "-c:a libgsm_ms -ar 8000", KeepsTimes: false),
        new("w64", "-c:a pcm_s16le", KeepsTimes: false),
        new("aiff", "-c:a pcm_s16be", KeepsTimes: false),
        new("au", "-c:a pcm_s16be", KeepsTimes: false),
        new("caf", "-c:a pcm_s16le", KeepsTimes: false),
        new("caf", "-c:a alac", KeepsTimes: false),
        new("mp3", "-c:a libmp3lame", KeepsTimes: false, IsShort: true),
        new("mp2", "-c:a mp2", Lag: 10, KeepsTimes: false),
        new("aac", "-c:a aac", Lag: 21, KeepsTimes: false, IsShort: true),
        new("flac", "-c:a flac", KeepsTimes: false, IsShort: true),
        new("ac3", "-c:a ac3", KeepsTimes: false),
        new("eac3", "-c:a eac3", KeepsTimes: false),
        new("dts", "-c:a dca -strict -2 -ar 48000", Lag: 11, KeepsTimes: false),
        new("tta", "-c:a tta", KeepsTimes: false, IsShort: true),
        new("wv", "-c:a wavpack", KeepsTimes: false),
        new("voc", "-c:a pcm_s16le", KeepsTimes: false, Refused: NotRead, IsShort: true),
        new("gsm", "-c:a libgsm -ar 8000", KeepsTimes: false, Refused: NotRead),
        new("rm", "-c:a ac3", Refused: NotRead),
        new("wtv", "-c:a mp2", Refused: NotRead),
        new("mmf", "-c:a adpcm_yamaha -ar 44100", KeepsTimes: false, Refused: NotRead),
    ];

    /// <inheritdoc/>
    public string Name => $".{Extension}, {Encoder.Split(' ')[1]}";
}

using LatentSync.Media.Formats;
using LatentSync.Media.Sound;

namespace LatentSync.Media.Write;

/// <summary>A kind of output file, and the sound it takes as it is.</summary>
internal sealed record OutputContainer
{
    private static readonly string[] CommonCodecs = ["aac", "mp3", "ac3", "eac3", "alac"];
    private static readonly string[] PcmCodecs = ["pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_s16be", "pcm_s24be"];

    private static readonly string[] PictureCodecs = ["h264", "hevc", "mpeg4", "mpeg2video", "mjpeg"];

    private static readonly OutputContainer[] All =
    [
        new(".mp4", "mp4", [.. CommonCodecs, "opus", "flac"], [.. PictureCodecs, "av1", "vp9"]),
        new(".mov", "mov", [.. CommonCodecs, .. PcmCodecs], [.. PictureCodecs, "prores", "dnxhd", "dvvideo", "qtrle"]),
        new(
            ".mkv",
            "matroska",
            [.. CommonCodecs, "opus", "flac", "vorbis", "dts", "truehd", .. PcmCodecs],
            [.. PictureCodecs, "av1", "vp8", "vp9", "prores", "ffv1", "theora"]
        ),
    ];

    private readonly string[] _copiedCodecs;
    private readonly string[] _copiedPictures;

    private OutputContainer(string extension, string muxer, string[] copiedCodecs, string[] copiedPictures)
    {
        Extension = extension;
        Muxer = muxer;
        _copiedCodecs = copiedCodecs;
        _copiedPictures = copiedPictures;
    }

    /// <summary>The file name's ending, in small letters.</summary>
    public string Extension { get; }

    /// <summary>ffmpeg's name of the format.</summary>
    public string Muxer { get; }

    /// <summary>What comes before time 0 is hidden by an edit list.</summary>
    public bool HasEditLists => Muxer != "matroska";

    /// <summary>The container of a file name.</summary>
    /// <exception cref="LipSyncException"><see cref="LipSyncErrorCode.InvalidOptions"/>: no container has that ending.</exception>
    public static OutputContainer ForPath(string path) =>
        Find(path) ?? throw new LipSyncException(LipSyncErrorCode.InvalidOptions, Mistake(path)!) { Path = path };

    /// <summary>A sentence if no container has the file name's ending, otherwise null.</summary>
    public static FormattableString? Mistake(string path)
    {
        var endings = string.Join(", ", All.Select(container => container.Extension));
        return Find(path) is null ? (FormattableString)$"\"{path}\" cannot be written because its ending is none of {endings}; choose one of these." : null;
    }

    /// <summary>Sound of this codec goes in without being encoded again.</summary>
    public bool Copies(string audioCodec) => _copiedCodecs.Contains(audioCodec, StringComparer.Ordinal);

    /// <summary>
    /// Pictures of this track go in as they are stored. Not every version of ffmpeg writes into Matroska how they are turned.
    /// </summary>
    public bool Copies(VideoStreamInfo video) =>
        _copiedPictures.Contains(video.Codec, StringComparer.Ordinal) && video.StillDemuxer is null && (video.Rotation == 0 || Muxer != "matroska");

    /// <summary>
    /// ffmpeg's encoder for sound that cannot be copied, or was changed: without loss where the source had none and the
    /// container takes its codec.
    /// </summary>
    public string Encoder(string audioCodec) => Copies(audioCodec) && IsLossless(audioCodec) ? audioCodec : ResultSound.LossyEncoder;

    private static bool IsLossless(string audioCodec) => audioCodec is "flac" or "alac" || audioCodec.StartsWith("pcm_", StringComparison.Ordinal);

    private static OutputContainer? Find(string path) =>
        All.FirstOrDefault(container => string.Equals(container.Extension, Path.GetExtension(path), StringComparison.OrdinalIgnoreCase));
}

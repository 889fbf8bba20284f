namespace LatentSync.Media;

/// <summary>
/// Pictures that are read as videos of one frame. They are told by their first bytes, and ffmpeg is given the reader of
/// that one format: left to guess, it might take a file name for the pattern of many.
/// </summary>
internal static class StillPicture
{
    private const int HeaderLength = 12;

    private static ReadOnlySpan<byte> PngHeader => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> JpegHeader => [0xFF, 0xD8, 0xFF];

    /// <summary>ffmpeg's reader for a file; null if it is not a picture.</summary>
    /// <param name="fullPath">A file that <see cref="MediaInput.Validate"/> has accepted.</param>
    public static string? FindDemuxer(string fullPath)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        using var file = File.OpenHandle(fullPath, share: FileShare.ReadWrite | FileShare.Delete);
        header = header[..RandomAccess.Read(file, header, 0)];
        return header switch
        {
            _ when header.StartsWith(PngHeader) => "png_pipe",
            _ when header.StartsWith(JpegHeader) => "jpeg_pipe",
            _ when header.StartsWith("RIFF"u8) && header.EndsWith("WEBP"u8) => "webp_pipe",
            _ => null,
        };
    }

    /// <summary>ffmpeg's and ffprobe's options for a picture, without its <c>-i</c>.</summary>
    public static IReadOnlyList<string> Restrictions(string demuxer) =>
        ["-protocol_whitelist", "file", "-format_whitelist", demuxer, "-f", demuxer];

    /// <summary>ffmpeg's option, of newer versions, to leave a picture as it is stored.</summary>
    public static IReadOnlyList<string> AsStored { get; } = ["-noautorotate"];


    /// <summary>Adds what ffprobe does not say of a picture, or not in every version.</summary>
    public static VideoStreamInfo Describe(VideoStreamInfo probed, string fullPath, string demuxer)
    {
        var orientation = ExifOrientation.Find(fullPath, demuxer) ?? default;
        return probed with
        {
            StillDemuxer = demuxer,
            IsInterlaced = false,
            Rotation = orientation.Rotation,
            IsMirrored = orientation.IsMirrored,
            RotationIsFromTag = orientation != default,
        };
    }
}

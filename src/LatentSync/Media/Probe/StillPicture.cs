using System.Buffers.Binary;
using LatentSync.Media.Formats;
using Microsoft.Win32.SafeHandles;

namespace LatentSync.Media.Probe;

/// <summary>
/// Pictures that are read as videos of one frame. They are told by their first bytes, and ffmpeg is given the reader of
/// that one format: left to guess, it might take a file name for the pattern of many.
/// </summary>
internal static class StillPicture
{
    private const int HeaderLength = 21;

    // WebP's extended header: its kind after the twelve bytes of RIFF, and a bit of its flags.
    private const int WebpKindOffset = 12;
    private const int WebpFlagsOffset = 20;
    private const int WebpAnimation = 0x02;

    // In an animated PNG one chunk says so, before the pixels. What comes before them is small, but for a colour profile.
    private const int PngChunkHead = 8;
    private const int PngChecksum = 4;
    private const int MostPngChunks = 64;

    private static ReadOnlySpan<byte> PngHeader => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    // In the pictures of a webcam, more than two of them; what a photograph says of others is in front.
    private const int MostJpegBytes = 16 << 20;
    private const int MostJpegHead = 1 << 20;

    private static ReadOnlySpan<byte> JpegJoin => [0xFF, 0xD9, 0xFF, 0xD8, 0xFF];

    private static ReadOnlySpan<byte> JpegHeader => [0xFF, 0xD8, 0xFF];

    /// <summary>ffmpeg's reader for a file; null if it is not a picture, or one that moves and is read as a video.</summary>
    /// <param name="path">The file as the user wrote it.</param>
    /// <param name="fullPath">The same; <see cref="MediaInput.Validate"/> has accepted it.</param>
    /// <exception cref="LipSyncException">InvalidInput: it moves and cannot be read.</exception>
    public static string? FindDemuxer(string path, string fullPath)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        using var file = File.OpenHandle(fullPath, share: FileShare.ReadWrite | FileShare.Delete);
        header = header[..RandomAccess.Read(file, header, 0)];
        if (IsAnimatedWebp(header))
        {
            throw new LipSyncException(
                LipSyncErrorCode.InvalidInput,
                $"\"{path}\" is an animated WebP picture, which ffmpeg does not read; convert it to a video or a GIF first."
            )
            {
                Path = path,
            };
        }

        if (header.StartsWith(JpegHeader) && IsMotionJpeg(file))
        {
            throw new LipSyncException(
                LipSyncErrorCode.InvalidInput,
                $"\"{path}\" is a row of JPEG pictures without a container, which is not read here; convert it to a video first."
            )
            {
                Path = path,
            };
        }

        return header switch
        {
            _ when header.StartsWith(PngHeader) => IsAnimatedPng(file) ? null : "png_pipe",
            _ when header.StartsWith(JpegHeader) => "jpeg_pipe",
            _ when IsWebp(header) => "webp_pipe",
            _ => null,
        };
    }

    private static bool IsWebp(ReadOnlySpan<byte> header) =>
        header.Length > WebpKindOffset && header.StartsWith("RIFF"u8) && header[..WebpKindOffset].EndsWith("WEBP"u8);

    private static bool IsAnimatedWebp(ReadOnlySpan<byte> header) =>
        IsWebp(header) && header.Length > WebpFlagsOffset && header[WebpKindOffset..].StartsWith("VP8X"u8) && (header[WebpFlagsOffset] & WebpAnimation) != 0;

    /// <summary>
    /// Whether several pictures follow each other, as webcams send them. A photograph may have a second one behind it, of another
    /// size or brightness, and says so in its header (CIPA DC-007).
    /// </summary>
    private static bool IsMotionJpeg(SafeFileHandle file)
    {
        var bytes = new byte[Math.Min(RandomAccess.GetLength(file), MostJpegBytes)];
        var rest = bytes.AsSpan(0, RandomAccess.Read(file, bytes, 0));
        if (rest[..Math.Min(rest.Length, MostJpegHead)].IndexOf("MPF\0"u8) >= 0)
        {
            return false;
        }

        // Within the pixels of a picture no end is followed by a start.
        for (var joins = 0; rest.IndexOf(JpegJoin) is var join and >= 0; rest = rest[(join + JpegJoin.Length)..])
        {
            if (++joins > 1)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAnimatedPng(SafeFileHandle file)
    {
        Span<byte> chunk = stackalloc byte[PngChunkHead];
        long offset = PngHeader.Length;
        for (var i = 0; i < MostPngChunks && RandomAccess.Read(file, chunk, offset) == PngChunkHead; i++)
        {
            var kind = chunk[sizeof(uint)..];
            if (kind.SequenceEqual("acTL"u8) || kind.SequenceEqual("IDAT"u8))
            {
                return kind[0] == (byte)'a';
            }

            offset += PngChunkHead + (long)BinaryPrimitives.ReadUInt32BigEndian(chunk) + PngChecksum;
        }

        return false;
    }

    /// <summary>ffmpeg's and ffprobe's options for a picture, without its <c>-i</c>.</summary>
    public static IReadOnlyList<string> Restrictions(string demuxer) => ["-protocol_whitelist", "file", "-format_whitelist", demuxer, "-f", demuxer];

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

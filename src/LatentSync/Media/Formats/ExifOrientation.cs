using System.Buffers.Binary;
using LatentSync.Media.Probe;

namespace LatentSync.Media.Formats;

/// <summary>
/// Reads the orientation that a camera wrote into a photograph. ffmpeg's versions differ in what they make of it, so they
/// are told to leave the picture as stored. Layout: Exif 2.32, JPEG's APP1 segment, PNG's eXIf and WebP's EXIF chunk.
/// </summary>
internal static class ExifOrientation
{
    // Cameras write it in front of the pixels; a WebP has it behind them.
    private const int SearchedBytes = 64 << 20;

    private const int OrientationTag = 0x0112;
    private const int ShortType = 3;
    private const int EntryLength = 12;

    /// <summary>The orientation of a file; null where it says none, or nothing that makes sense.</summary>
    /// <param name="fullPath">A file that <see cref="MediaInput.Validate"/> has accepted.</param>
    /// <param name="demuxer">What kind of picture it is, from <see cref="StillPicture.FindDemuxer"/>.</param>
    public static PictureOrientation? Find(string fullPath, string demuxer)
    {
        using var file = File.OpenHandle(fullPath, share: FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[Math.Min(RandomAccess.GetLength(file), SearchedBytes)];
        var picture = bytes.AsSpan(0, RandomAccess.Read(file, bytes, 0));
        return Parse(picture, demuxer);
    }

    /// <summary>The same for the bytes of a file.</summary>
    public static PictureOrientation? Parse(ReadOnlySpan<byte> picture, string demuxer) =>
        ReadTag(
            demuxer switch
            {
                "jpeg_pipe" => JpegBlock(picture),
                "png_pipe" => ChunkBlock(picture, start: 8, "eXIf"u8, isBigEndian: true, lengthFirst: true, trailer: 4),
                "webp_pipe" => ChunkBlock(picture, start: 12, "EXIF"u8, isBigEndian: false, lengthFirst: false, trailer: 0),
                _ => [],
            }
        );

    /// <summary>The TIFF block within the first APP1 segment that is Exif.</summary>
    private static ReadOnlySpan<byte> JpegBlock(ReadOnlySpan<byte> picture)
    {
        const int markerLength = 2;
        const byte application1 = 0xE1;
        const byte startOfScan = 0xDA;
        var exif = "Exif\0\0"u8;
        for (var at = markerLength; at + (2 * markerLength) <= picture.Length && picture[at] == 0xFF && picture[at + 1] != startOfScan; )
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(picture[(at + markerLength)..]);
            var end = Math.Min(at + markerLength + length, picture.Length);
            if (length < markerLength)
            {
                break;
            }

            var body = picture[Math.Min(at + (2 * markerLength), end)..end];
            if (picture[at + 1] == application1 && body.StartsWith(exif))
            {
                return body[exif.Length..];
            }

            at = end;
        }

        return [];
    }

    /// <summary>The content of a chunk. PNG writes length, name, content, checksum; WebP name, length, content up to an even length.</summary>
    private static ReadOnlySpan<byte> ChunkBlock(
        ReadOnlySpan<byte> picture,
        int start,
        ReadOnlySpan<byte> name,
        bool isBigEndian,
        bool lengthFirst,
        int trailer
    )
    {
        const int headerLength = 8;
        const int wordLength = 4;
        for (long at = start; at + headerLength <= picture.Length; )
        {
            var header = picture.Slice((int)at, headerLength);
            var lengthBytes = lengthFirst ? header : header[wordLength..];
            var length = isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(lengthBytes) : BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
            if (header.Slice(lengthFirst ? wordLength : 0, wordLength).SequenceEqual(name))
            {
                var body = picture[((int)at + headerLength)..];
                return body[..(int)Math.Min(length, body.Length)];
            }

            // In 64 bits: a length near the end of 32 would lead back to where it stands.
            at += headerLength + (long)length + trailer + (lengthFirst ? 0 : length % 2);
        }

        return [];
    }

    /// <summary>The orientation in the first directory of a TIFF block.</summary>
    private static PictureOrientation? ReadTag(ReadOnlySpan<byte> tiff)
    {
        const int headerLength = 8;
        if (tiff.StartsWith("Exif\0\0"u8))
        {
            tiff = tiff["Exif\0\0"u8.Length..];
        }

        var isBigEndian = tiff.StartsWith("MM"u8);
        if (tiff.Length < headerLength || !(isBigEndian || tiff.StartsWith("II"u8)))
        {
            return null;
        }

        var directory = isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]);
        if (directory + 2L > tiff.Length)
        {
            return null;
        }

        var entries = tiff[(int)directory..];
        var count = Short(entries, isBigEndian);
        entries = entries[2..];
        for (var i = 0; i < count && entries.Length >= EntryLength; i++, entries = entries[EntryLength..])
        {
            if (Short(entries, isBigEndian) == OrientationTag && Short(entries[2..], isBigEndian) == ShortType)
            {
                return FromTag(Short(entries[8..], isBigEndian));
            }
        }

        return null;
    }

    private static PictureOrientation? FromTag(int value) =>
        value switch
        {
            2 => new PictureOrientation(IsMirrored: true, 0),
            3 => new PictureOrientation(IsMirrored: false, 180),
            4 => new PictureOrientation(IsMirrored: true, 180),
            5 => new PictureOrientation(IsMirrored: true, 270),
            6 => new PictureOrientation(IsMirrored: false, 90),
            7 => new PictureOrientation(IsMirrored: true, 90),
            8 => new PictureOrientation(IsMirrored: false, 270),
            _ => null,
        };

    private static int Short(ReadOnlySpan<byte> bytes, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}

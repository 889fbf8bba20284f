using System.Buffers.Binary;
using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Checkpoints.Zip;

/// <summary>Where the central directory of a zip file lies.</summary>
/// <param name="EntryCount">The number of members.</param>
/// <param name="DirectoryOffset">Where the directory begins in the file.</param>
/// <param name="DirectoryLength">Its length in bytes.</param>
internal readonly record struct ZipEndRecord(long EntryCount, long DirectoryOffset, long DirectoryLength)
{
    private const uint EndSignature = 0x06054b50;
    private const uint Zip64LocatorSignature = 0x07064b50;
    private const uint Zip64EndSignature = 0x06064b50;
    private const int EndLength = 22;
    private const int Zip64LocatorLength = 20;
    private const int Zip64EndLength = 56;
    private const int MaxDirectoryBytes = 64 << 20;

    /// <summary>Finds the record that ends the file, following it to the zip64 record if there is one.</summary>
    /// <exception cref="LipSyncException">The file is cut short, spans several disks, or its directory lies outside it.</exception>
    public static ZipEndRecord Find(MappedFile file)
    {
        var position = FindEnd(file);
        var end = file.Slice(position, EndLength);
        var record = IsZip64(file, position)
            ? ReadZip64(file, position - Zip64LocatorLength)
            : new ZipEndRecord(
                BinaryPrimitives.ReadUInt16LittleEndian(end[10..]),
                BinaryPrimitives.ReadUInt32LittleEndian(end[16..]),
                BinaryPrimitives.ReadUInt32LittleEndian(end[12..])
            );
        if (BinaryPrimitives.ReadUInt16LittleEndian(end[4..]) is not (0 or ushort.MaxValue))
        {
            throw ModelErrors.Refused(file.Path, $"is one part of a zip file in several parts; join the parts first");
        }

        if (
            record.EntryCount < 0
            || record.DirectoryOffset < 0
            || record.DirectoryLength is < 0 or > MaxDirectoryBytes
            || record.DirectoryOffset > position - record.DirectoryLength
        )
        {
            throw ModelErrors.Damaged(file.Path, $"its table of contents lies outside the file");
        }

        return record;
    }

    private static long FindEnd(MappedFile file)
    {
        var tailLength = Math.Min(file.Length, EndLength + ushort.MaxValue);
        var tail = file.Slice(file.Length - tailLength, tailLength);
        for (var i = tail.Length - EndLength; i >= 0; i--)
        {
            // A comment may hold the signature by chance, so the comment has to end where the file ends.
            if (
                BinaryPrimitives.ReadUInt32LittleEndian(tail[i..]) == EndSignature
                && BinaryPrimitives.ReadUInt16LittleEndian(tail[(i + 20)..]) == tail.Length - i - EndLength
            )
            {
                return file.Length - tailLength + i;
            }
        }

        throw ModelErrors.Damaged(file.Path, $"its end is missing");
    }

    private static bool IsZip64(MappedFile file, long end) =>
        end >= Zip64LocatorLength && BinaryPrimitives.ReadUInt32LittleEndian(file.Slice(end - Zip64LocatorLength, sizeof(uint))) == Zip64LocatorSignature;

    private static ZipEndRecord ReadZip64(MappedFile file, long locator)
    {
        var position = BinaryPrimitives.ReadInt64LittleEndian(file.Slice(locator + 8, sizeof(long)));
        if (position < 0 || position > locator - Zip64EndLength)
        {
            throw ModelErrors.Damaged(file.Path, $"its 64-bit end record lies outside the file");
        }

        var end = file.Slice(position, Zip64EndLength);
        return BinaryPrimitives.ReadUInt32LittleEndian(end) == Zip64EndSignature
            ? new ZipEndRecord(
                BinaryPrimitives.ReadInt64LittleEndian(end[32..]),
                BinaryPrimitives.ReadInt64LittleEndian(end[48..]),
                BinaryPrimitives.ReadInt64LittleEndian(end[40..])
            )
            : throw ModelErrors.Damaged(file.Path, $"its 64-bit end record is missing");
    }
}

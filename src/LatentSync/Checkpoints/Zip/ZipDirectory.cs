using System.Buffers.Binary;
using System.Text;
using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Checkpoints.Zip;

/// <summary>
/// Reads the central directory of a zip file over its mapping (PKWARE APPNOTE 6.3.9, sections 4.3 and 4.5.3). Only what
/// PyTorch writes is accepted: stored members of one file, zip64 where it is larger than 4 GB.
/// </summary>
internal static class ZipDirectory
{
    private const int MaxEntries = 100_000;
    private const int MaxNameBytes = 1024;

    private const uint LocalHeaderSignature = 0x04034b50;
    private const uint CentralHeaderSignature = 0x02014b50;
    private const int LocalHeaderLength = 30;
    private const int CentralHeaderLength = 46;
    private const ushort EncryptedFlag = 1;
    private const ushort StoredMethod = 0;
    private const ushort Zip64ExtraField = 1;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The members by name.</summary>
    /// <exception cref="LipSyncException">The file is not a whole zip file, or holds something that is refused.</exception>
    public static Dictionary<string, ZipEntry> Read(MappedFile file)
    {
        var end = ZipEndRecord.Find(file);
        if (end.EntryCount > MaxEntries)
        {
            throw ModelErrors.Refused(file.Path, $"has {end.EntryCount} members, more than the {MaxEntries} a checkpoint may have; get it from another source");
        }

        var entries = new Dictionary<string, ZipEntry>((int)end.EntryCount, StringComparer.Ordinal);
        var directory = file.Slice(end.DirectoryOffset, end.DirectoryLength);
        for (long i = 0; i < end.EntryCount; i++)
        {
            var entry = ReadEntry(file, ref directory, end.DirectoryOffset);
            if (!entries.TryAdd(entry.Name, entry))
            {
                throw ModelErrors.Damaged(file.Path, $"it has two members named {ModelErrors.Printable(entry.Name)}");
            }
        }

        RequireNoOverlap(entries.Values, file.Path);
        return entries;
    }

    private static ZipEntry ReadEntry(MappedFile file, ref ReadOnlySpan<byte> directory, long directoryOffset)
    {
        if (directory.Length < CentralHeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(directory) != CentralHeaderSignature)
        {
            throw ModelErrors.Damaged(file.Path, $"its table of contents is cut short");
        }

        var flags = BinaryPrimitives.ReadUInt16LittleEndian(directory[8..]);
        var method = BinaryPrimitives.ReadUInt16LittleEndian(directory[10..]);
        long compressed = BinaryPrimitives.ReadUInt32LittleEndian(directory[20..]);
        long length = BinaryPrimitives.ReadUInt32LittleEndian(directory[24..]);
        var nameLength = BinaryPrimitives.ReadUInt16LittleEndian(directory[28..]);
        var extraLength = BinaryPrimitives.ReadUInt16LittleEndian(directory[30..]);
        var commentLength = BinaryPrimitives.ReadUInt16LittleEndian(directory[32..]);
        long header = BinaryPrimitives.ReadUInt32LittleEndian(directory[42..]);
        if (directory.Length < CentralHeaderLength + nameLength + extraLength + commentLength)
        {
            throw ModelErrors.Damaged(file.Path, $"its table of contents is cut short");
        }

        var nameBytes = directory.Slice(CentralHeaderLength, nameLength);
        var name = RequireSafeName(nameBytes, file.Path);
        ApplyZip64(directory.Slice(CentralHeaderLength + nameLength, extraLength), file.Path, ref length, ref compressed, ref header);
        directory = directory[(CentralHeaderLength + nameLength + extraLength + commentLength)..];

        if ((flags & EncryptedFlag) != 0)
        {
            throw ModelErrors.Refused(
                file.Path,
                $"has an encrypted member, {ModelErrors.Printable(name)}, which cannot be read; save it again without a password"
            );
        }

        if (method != StoredMethod || compressed != length)
        {
            throw ModelErrors.Refused(
                file.Path,
                $"has a compressed member, {ModelErrors.Printable(name)}, which PyTorch never writes; save it again with torch.save"
            );
        }

        return new ZipEntry(name, header, DataOffset(file, nameBytes, header, length, directoryOffset), length);
    }

    /// <summary>The local header tells where the bytes begin, and has to agree with the directory on the name and method.</summary>
    private static long DataOffset(MappedFile file, ReadOnlySpan<byte> name, long header, long length, long directoryOffset)
    {
        if (header < 0 || length < 0 || header > directoryOffset - LocalHeaderLength)
        {
            throw ModelErrors.Damaged(file.Path, $"a member lies outside the file");
        }

        var local = file.Slice(header, LocalHeaderLength);
        var nameLength = BinaryPrimitives.ReadUInt16LittleEndian(local[26..]);
        var offset = header + LocalHeaderLength + nameLength + BinaryPrimitives.ReadUInt16LittleEndian(local[28..]);
        if (offset > directoryOffset || length > directoryOffset - offset)
        {
            throw ModelErrors.Damaged(file.Path, $"a member lies outside the file");
        }

        if (
            BinaryPrimitives.ReadUInt32LittleEndian(local) != LocalHeaderSignature
            || BinaryPrimitives.ReadUInt16LittleEndian(local[8..]) != StoredMethod
            || !file.Slice(header + LocalHeaderLength, nameLength).SequenceEqual(name)
        )
        {
            throw ModelErrors.Damaged(file.Path, $"its table of contents contradicts its members");
        }

        return offset;
    }

    /// <summary>Replaces the fields that are all ones by their 64-bit values, which stand in this fixed order.</summary>
    private static void ApplyZip64(ReadOnlySpan<byte> extra, string path, ref long length, ref long compressed, ref long header)
    {
        var field = ReadOnlySpan<byte>.Empty;
        while (extra.Length >= 4)
        {
            var size = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (size > extra.Length - 4)
            {
                throw ModelErrors.Damaged(path, $"its table of contents is cut short");
            }

            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == Zip64ExtraField)
            {
                field = extra.Slice(4, size);
            }

            extra = extra[(4 + size)..];
        }

        TakeWide(ref field, path, ref length);
        TakeWide(ref field, path, ref compressed);
        TakeWide(ref field, path, ref header);
    }

    private static void TakeWide(ref ReadOnlySpan<byte> field, string path, ref long value)
    {
        if (value != uint.MaxValue)
        {
            return;
        }

        if (field.Length < sizeof(long))
        {
            throw ModelErrors.Damaged(path, $"its table of contents lacks a 64-bit size");
        }

        value = BinaryPrimitives.ReadInt64LittleEndian(field);
        field = field[sizeof(long)..];
    }

    private static string RequireSafeName(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.IsEmpty || bytes.Length > MaxNameBytes)
        {
            throw ModelErrors.Damaged(path, $"a member has no name or one that is far too long");
        }

        try
        {
            var name = StrictUtf8.GetString(bytes);
            var unsafeName = name[0] == '/' || name.AsSpan().ContainsAny('\\', ':', '\0') || name.Split('/').Contains("..", StringComparer.Ordinal);
            return unsafeName
                ? throw ModelErrors.Refused(
                    path,
                    $"has a member named {ModelErrors.Printable(name)}, which points outside the archive; get it from another source"
                )
                : name;
        }
        catch (DecoderFallbackException error)
        {
            throw ModelErrors.Damaged(path, $"a member's name is not UTF-8", error);
        }
    }

    private static void RequireNoOverlap(IEnumerable<ZipEntry> entries, string path)
    {
        long free = 0;
        foreach (var entry in entries.OrderBy(entry => entry.HeaderOffset))
        {
            if (entry.HeaderOffset < free)
            {
                throw ModelErrors.Refused(
                    path,
                    $"has members that overlap at {ModelErrors.Printable(entry.Name)}, which PyTorch never writes; get it from another source"
                );
            }

            free = entry.Offset + entry.Length;
        }
    }
}

using System.Buffers.Binary;
using System.Text;

namespace LatentSync.Networks.Files;

/// <summary>
/// One table of a FlatBuffers file (flatbuffers.dev, "Internals"), read in place. Every offset is checked, so that a
/// damaged file ends in a <see cref="LipSyncException"/> and nothing else.
/// </summary>
internal readonly struct FlatTable
{
    private const int OffsetSize = sizeof(uint);
    private const int VirtualTableHeader = 2 * sizeof(ushort);

    // Far above what a model of this kind holds; they keep a hostile file from asking for gigabytes.
    private const int MaximumTables = 4096;
    private const int MaximumIntegers = 256;
    private const int MaximumText = 1024;

    private readonly ReadOnlyMemory<byte> _file;
    private readonly int _position;
    private readonly int _virtualTable;
    private readonly int _virtualTableLength;

    private FlatTable(ReadOnlyMemory<byte> file, long position)
    {
        _file = file;
        _position = Require(file, position, OffsetSize);
        _virtualTable = Require(file, position - BinaryPrimitives.ReadInt32LittleEndian(file.Span[_position..]), VirtualTableHeader);
        _virtualTableLength = BinaryPrimitives.ReadUInt16LittleEndian(file.Span[_virtualTable..]);
        Require(file, _virtualTable, _virtualTableLength);
    }

    /// <summary>The table that the first four bytes of a file point to.</summary>
    public static FlatTable Root(ReadOnlyMemory<byte> file) => new(file, BinaryPrimitives.ReadUInt32LittleEndian(file.Span[Require(file, 0, OffsetSize)..]));

    /// <summary>A 32-bit field, or the schema's default where the file leaves it out.</summary>
    public int Int32(int field, int absent = 0) => Find(field) is { } at ? BinaryPrimitives.ReadInt32LittleEndian(Slice(at, sizeof(int))) : absent;

    /// <summary>An 8-bit field (also the schema's enumerations and booleans), or its default.</summary>
    public byte Byte(int field, byte absent = 0) => Find(field) is { } at ? Slice(at, 1)[0] : absent;

    /// <summary>A table field; null where the file leaves it out.</summary>
    public FlatTable? Table(int field) => Find(field) is { } at ? new FlatTable(_file, Follow(at)) : null;

    /// <summary>A vector of tables; empty where the file leaves it out.</summary>
    public FlatTable[] Tables(int field)
    {
        var (start, count) = Vector(field, OffsetSize, MaximumTables);
        var tables = new FlatTable[count];
        for (var i = 0; i < count; i++)
        {
            tables[i] = new FlatTable(_file, Follow(start + (i * OffsetSize)));
        }

        return tables;
    }

    /// <summary>A vector of 32-bit integers; empty where the file leaves it out.</summary>
    public int[] Int32s(int field)
    {
        var (start, count) = Vector(field, sizeof(int), MaximumIntegers);
        var values = new int[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = BinaryPrimitives.ReadInt32LittleEndian(_file.Span[(start + (i * sizeof(int)))..]);
        }

        return values;
    }

    /// <summary>A vector of bytes, not copied; empty where the file leaves it out.</summary>
    public ReadOnlyMemory<byte> Bytes(int field)
    {
        var (start, count) = Vector(field, 1, int.MaxValue);
        return _file.Slice(start, count);
    }

    /// <summary>A string; empty where the file leaves it out.</summary>
    public string Text(int field)
    {
        var (start, count) = Vector(field, 1, MaximumText);
        return Encoding.UTF8.GetString(_file.Span.Slice(start, count));
    }

    private static int Require(ReadOnlyMemory<byte> file, long start, long length) =>
        start >= 0 && length >= 0 && start + length <= file.Length ? (int)start : throw TfliteError.Damaged("an offset points outside the file");

    private (int Start, int Count) Vector(int field, int elementSize, int maximum)
    {
        if (Find(field) is not { } at)
        {
            return (0, 0);
        }

        var head = Require(_file, Follow(at), OffsetSize);
        long count = BinaryPrimitives.ReadUInt32LittleEndian(_file.Span[head..]);
        return count <= maximum
            ? (Require(_file, head + OffsetSize, count * elementSize), (int)count)
            : throw TfliteError.Damaged("a list is longer than any model needs");
    }

    private long? Find(int field)
    {
        var slot = VirtualTableHeader + (field * sizeof(ushort));
        if (slot + sizeof(ushort) > _virtualTableLength)
        {
            return null;
        }

        var offset = BinaryPrimitives.ReadUInt16LittleEndian(_file.Span[(_virtualTable + slot)..]);
        return offset == 0 ? null : (long)_position + offset;
    }

    private long Follow(long at) => at + BinaryPrimitives.ReadUInt32LittleEndian(Slice(at, OffsetSize));

    private ReadOnlySpan<byte> Slice(long at, int length) => _file.Span.Slice(Require(_file, at, length), length);
}

using System.Text;

namespace LatentSync.TestKit.Checkpoints;

/// <summary>
/// Writes a zip file of stored members in memory, aligned to 64 bytes as PyTorch does. Each field that a hostile file could
/// falsify can be set.
/// </summary>
internal sealed class StoredZipWriter
{
    private const int Alignment = 64;
    private const int LocalHeaderLength = 30;
    private const int ExtraHeaderLength = 4;
    private const int Zip64ExtraLength = 24;

    private readonly LittleEndianWriter _file = new();
    private readonly LittleEndianWriter _directory = new();
    private int _count;

    /// <summary>Writes sizes and offsets the way files above 4 GB need.</summary>
    public bool Zip64 { get; init; }

    /// <summary>Adds a member; the options replace what its headers say.</summary>
    public StoredZipWriter Add(string name, ReadOnlySpan<byte> data, ushort method = 0, ushort flags = 0, long? length = null, long? headerOffset = null)
    {
        var size = length ?? data.Length;
        var header = _file.Length;
        var bytes = Encoding.UTF8.GetBytes(name);
        var unaligned = header + LocalHeaderLength + bytes.Length + ExtraHeaderLength;
        var padding = (int)((Alignment - (unaligned % Alignment)) % Alignment);
        _file.UInt32(0x04034b50);
        WriteCommon(_file, method, flags, (uint)size, bytes.Length, ExtraHeaderLength + padding);
        _file.Bytes(bytes).UInt16(0x4246).UInt16((ushort)padding).Bytes(new byte[padding]).Bytes(data);

        _directory.UInt32(0x02014b50).UInt16(0);
        WriteCommon(_directory, method, flags, Zip64 ? uint.MaxValue : (uint)size, bytes.Length, Zip64 ? ExtraHeaderLength + Zip64ExtraLength : 0);
        _directory.Bytes(new byte[10]).UInt32(Zip64 ? uint.MaxValue : (uint)(headerOffset ?? header)).Bytes(bytes);
        if (Zip64)
        {
            _directory.UInt16(1).UInt16(Zip64ExtraLength).Int64(size).Int64(size).Int64(headerOffset ?? header);
        }

        _count++;
        return this;
    }

    public byte[] ToArray()
    {
        var start = _file.Length;
        _file.Bytes(_directory.ToArray());
        if (Zip64)
        {
            var record = _file.Length;
            _file.UInt32(0x06064b50).Int64(44).Bytes(new byte[12]).Int64(_count).Int64(_count).Int64(_directory.Length).Int64(start);
            _file.UInt32(0x07064b50).UInt32(0).Int64(record).UInt32(1);
        }

        var count = Zip64 ? ushort.MaxValue : (ushort)_count;
        _file.UInt32(0x06054b50).UInt32(0).UInt16(count).UInt16(count);
        _file.UInt32(Zip64 ? uint.MaxValue : (uint)_directory.Length).UInt32(Zip64 ? uint.MaxValue : (uint)start).UInt16(0);
        return _file.ToArray();
    }

    private static void WriteCommon(LittleEndianWriter writer, ushort method, ushort flags, uint length, int nameLength, int extraLength) =>
        writer.UInt16(0).UInt16(flags).UInt16(method).UInt32(0).UInt32(0).UInt32(length).UInt32(length).UInt16((ushort)nameLength).UInt16((ushort)extraLength);
}

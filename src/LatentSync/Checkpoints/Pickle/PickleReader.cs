using System.Buffers.Binary;
using System.Text;
using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Checkpoints.Pickle;

/// <summary>Reads the operands of pickle instructions; every read is checked against the end.</summary>
internal ref struct PickleReader(ReadOnlySpan<byte> pickle, string path)
{
    private const int MaxStringBytes = 64 << 10;
    private const int MaxNameBytes = 256;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _path = path;
    private ReadOnlySpan<byte> _rest = pickle;

    /// <summary>One byte.</summary>
    public byte Byte() => Take(1)[0];

    /// <summary>Two bytes, unsigned.</summary>
    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));

    /// <summary>Four bytes, signed.</summary>
    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    /// <summary>Four bytes, unsigned.</summary>
    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    /// <summary>A double; the only big-endian operand of the format.</summary>
    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Take(sizeof(double)));

    /// <summary>A frame's length. Frames only help buffering, but one that is longer than the file tells of a cut.</summary>
    public void Frame()
    {
        if (BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong))) > (ulong)_rest.Length)
        {
            throw Cut();
        }
    }

    /// <summary>A two's complement integer of up to eight bytes after its length.</summary>
    public long Long()
    {
        var length = Byte();
        if (length > sizeof(long))
        {
            throw ModelErrors.Damaged(_path, $"it holds an integer of more than 64 bits");
        }

        var bytes = Take(length);
        long value = length > 0 && (sbyte)bytes[^1] < 0 ? -1 : 0;
        for (var i = length - 1; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        return value;
    }

    /// <summary>UTF-8 text of the given length.</summary>
    public string Text(ulong length) =>
        length <= MaxStringBytes ? Decode(Take((int)length)) : throw ModelErrors.Damaged(_path, $"it holds a text of {length} bytes");

    /// <summary>UTF-8 text after its length in eight bytes.</summary>
    public string LongText() => Text(BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong))));

    /// <summary>A module's or class's name, ended by a line feed.</summary>
    public string Line()
    {
        var length = _rest.IndexOf((byte)'\n');
        if (length is < 0 or > MaxNameBytes)
        {
            throw Cut();
        }

        var text = Decode(Take(length));
        Take(1);
        return text;
    }

    private readonly string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw ModelErrors.Damaged(_path, $"a text in it is not UTF-8", error);
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw Cut();
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private readonly LipSyncException Cut() => ModelErrors.Damaged(_path, $"its pickle is cut short");
}

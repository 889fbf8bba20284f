namespace LatentSync.Media.Read;

/// <summary>Reads the fields of a NUT packet one after the other: numbers of seven bits a byte, the higher ones first.</summary>
internal sealed class NutFields(ReadOnlyMemory<byte> packet)
{
    private const int BitsPerByte = 7;
    private const int More = 0x80;

    private int _position;

    /// <summary>A number from 0 on.</summary>
    /// <exception cref="InvalidDataException">The packet ends, or the number is above the limit.</exception>
    public long Unsigned(long limit = long.MaxValue >> BitsPerByte)
    {
        var value = 0L;
        byte next;
        do
        {
            next = _position < packet.Length ? packet.Span[_position++] : throw new InvalidDataException("A NUT packet ends within a number.");
            value = (value << BitsPerByte) | (uint)(next & ~More);
            if (value > limit)
            {
                throw new InvalidDataException("A number of a NUT packet is too large.");
            }
        } while ((next & More) != 0);
        return value;
    }

    /// <summary>A number that may be negative: 0, 1, -1, 2, -2 and so on.</summary>
    public long Signed()
    {
        var value = Unsigned() + 1;
        return (value & 1) == 1 ? -(value >> 1) : value >> 1;
    }

    /// <summary>A number of bytes, and then so many bytes.</summary>
    public byte[] Bytes()
    {
        var length = (int)Unsigned(packet.Length - _position);
        if (length > packet.Length - _position)
        {
            throw new InvalidDataException("A NUT packet ends within its bytes.");
        }

        var bytes = packet.Slice(_position, length).ToArray();
        _position += length;
        return bytes;
    }
}

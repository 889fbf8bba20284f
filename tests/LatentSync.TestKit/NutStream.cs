using System.Buffers.Binary;
using LatentSync.Media.Read;

namespace LatentSync.TestKit;

/// <summary>Streams in the NUT format, of frames without compression, written by hand.</summary>
internal static class NutStream
{
    public const int FrameLength = 24;
    public const int TicksPerSecond = 30000;

    public const long MainStartcode = 0x4E4D_7A56_1F5F_04AD;
    public const long TrackStartcode = 0x4E53_1140_5BF2_F9DB;
    public const long SyncStartcode = 0x4E4B_E4AD_EECA_4569;
    public const long IndexStartcode = 0x4E58_DD67_2F23_E64E;

    // Time and size in each frame, the size in whole numbers.
    private const int Flags = NutFrameCode.CodedPts | NutFrameCode.SizeMsb;

    public static ReadOnlySpan<byte> Start => "nut/multimedia container\0"u8;

    /// <summary>A whole stream; all bytes of the first frame are 1, of the next 2, and so on.</summary>
    public static byte[] Make(params long[] times)
    {
        List<byte> stream = [.. Start, .. Main(), .. Track(), .. Packet(SyncStartcode, Number(0))];
        foreach (var (index, time) in times.Index())
        {
            stream.AddRange(Frame(time, (byte)(index + 1)));
        }

        return [.. stream];
    }

    /// <summary>The main header: one frame code for all values of the first byte but N.</summary>
    /// <param name="leftOut">Bytes that each frame leaves out at its start.</param>
    public static byte[] Main(int leftOut = 0)
    {
        byte[] head = [.. Number(3), .. Number(1), .. Number(65536), .. Number(1), .. Number(1), .. Number(TicksPerSecond), .. Number(Flags)];
        byte[] codes = [.. Number(leftOut > 0 ? 8 : 6), .. Number(0), .. Number(1), .. Number(0), .. Number(0), .. Number(0), .. Number(255), .. Number(0)];
        return Packet(MainStartcode, [.. head, .. codes, .. leftOut > 0 ? (byte[])[.. Number(1), .. Number(1), .. Number(leftOut), .. new byte[leftOut]] : []]);
    }

    public static byte[] Track() =>
        Packet(TrackStartcode, [.. Number(0), .. Number(0), .. Number(4), .. "RGB\u0018"u8, .. Number(0), .. Number(7), .. Number(0), .. Number(0)]);

    /// <summary>A frame; its time in full is told by adding what its last bits can say.</summary>
    public static byte[] Frame(long time, byte value) => [0, .. Number(time + (1 << 7)), .. Number(FrameLength), .. Enumerable.Repeat(value, FrameLength)];

    public static byte[] Packet(long startcode, byte[] body)
    {
        var code = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(code, startcode);
        return [.. code, .. Number(body.Length + 4), .. body, 0, 0, 0, 0];
    }

    /// <summary>Seven bits a byte, the highest first.</summary>
    public static byte[] Number(long value)
    {
        var bytes = new List<byte> { (byte)(value & 0x7F) };
        while ((value >>= 7) > 0)
        {
            bytes.Insert(0, (byte)((value & 0x7F) | 0x80));
        }

        return [.. bytes];
    }

    /// <summary>A reader that gets pieces of at most so many bytes.</summary>
    public static NutReader Read(byte[] stream, int piece)
    {
        var position = 0;
        return new NutReader(
            (buffer, _) =>
            {
                var count = Math.Min(Math.Min(piece, buffer.Length), stream.Length - position);
                stream.AsMemory(position, count).CopyTo(buffer);
                position += count;
                return ValueTask.FromResult(count);
            }
        );
    }
}

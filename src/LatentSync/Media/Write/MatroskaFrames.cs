using System.Buffers.Binary;
using System.Text;

namespace LatentSync.Media.Write;

/// <summary>
/// The little of Matroska (RFC 9559) that it takes to hand raw frames with their times to ffmpeg through a pipe: one track
/// of uncompressed pictures, one cluster a frame, times in nanoseconds.
/// </summary>
internal static class MatroskaFrames
{
    /// <summary>Bytes before the pixels of a frame.</summary>
    public const int FrameHeaderLength = ClusterHeaderLength + TimeLength + BlockHeaderLength + BlockLength;

    private const long NanosecondsPerSecond = 1_000_000_000;
    private const int SizeLength = 8;
    private const int NumberLength = 8;

    // Identifier and size, and what follows them.
    private const int ClusterHeaderLength = 4 + SizeLength;
    private const int TimeLength = 1 + SizeLength + NumberLength;
    private const int BlockHeaderLength = 1 + SizeLength;

    // Track 1, no time of its own, a key frame.
    private const int BlockLength = 4;
    private const byte FirstTrack = 0x81;
    private const byte KeyFrame = 0x80;

    private const uint EbmlId = 0x1A45DFA3;
    private const uint DocTypeId = 0x4282;
    private const uint SegmentId = 0x18538067;
    private const uint InfoId = 0x1549A966;
    private const uint TimestampScaleId = 0x2AD7B1;
    private const uint TracksId = 0x1654AE6B;
    private const uint TrackId = 0xAE;
    private const uint TrackNumberId = 0xD7;
    private const uint TrackUidId = 0x73C5;
    private const uint TrackTypeId = 0x83;
    private const uint CodecId = 0x86;
    private const uint DefaultDurationId = 0x23E383;
    private const uint VideoId = 0xE0;
    private const uint WidthId = 0xB0;
    private const uint HeightId = 0xBA;
    private const uint FourCharacterId = 0x2EB524;
    private const uint ClusterId = 0x1F43B675;
    private const uint TimeId = 0xE7;
    private const byte BlockId = 0xA3;

    private const byte BitsPerPixel = 24;
    private const ulong UnknownSize = ulong.MaxValue >> (SizeLength - 1);

    /// <summary>What comes before the first frame.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="framesPerSecond">About how many; only a hint.</param>
    public static byte[] Header(int width, int height, double framesPerSecond)
    {
        byte[] video = [.. Number(WidthId, width), .. Number(HeightId, height), .. Element(FourCharacterId, [(byte)'R', (byte)'G', (byte)'B', BitsPerPixel])];
        byte[] track =
        [
            .. Number(TrackNumberId, 1),
            .. Number(TrackUidId, 1),
            .. Number(TrackTypeId, 1),
            .. Element(CodecId, "V_UNCOMPRESSED"u8),
            .. Number(DefaultDurationId, (long)Math.Round(NanosecondsPerSecond / framesPerSecond)),
            .. Element(VideoId, video),
        ];
        return
        [
            .. Element(EbmlId, Element(DocTypeId, Encoding.ASCII.GetBytes("matroska"))),
            .. Identifier(SegmentId),
            .. Size(UnknownSize),
            .. Element(InfoId, Number(TimestampScaleId, 1)),
            .. Element(TracksId, Element(TrackId, track)),
        ];
    }

    /// <summary>Writes what comes before the pixels of a frame, <see cref="FrameHeaderLength"/> bytes.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="ticks">When the frame is shown; rounded to a nanosecond, which every sensible clock survives.</param>
    /// <param name="ticksPerSecond">The clock.</param>
    /// <param name="pixelBytes">Bytes of the frame.</param>
    public static void WriteFrameHeader(Span<byte> destination, long ticks, int ticksPerSecond, int pixelBytes)
    {
        var nanoseconds = (long)((((Int128)ticks * NanosecondsPerSecond) + (ticksPerSecond / 2)) / ticksPerSecond);
        var block = BlockLength + pixelBytes;
        byte[] header =
        [
            .. Identifier(ClusterId),
            .. Size((ulong)(TimeLength + BlockHeaderLength + block)),
            .. Number(TimeId, nanoseconds),
            BlockId,
            .. Size((ulong)block),
            FirstTrack,
            0,
            0,
            KeyFrame,
        ];
        header.CopyTo(destination);
    }

    private static byte[] Number(uint id, long value)
    {
        var bytes = new byte[NumberLength];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return Element(id, bytes);
    }

    private static byte[] Element(uint id, ReadOnlySpan<byte> content) => [.. Identifier(id), .. Size((ulong)content.Length), .. content];

    private static byte[] Identifier(uint id)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, id);
        return bytes.TrimStart((byte)0).ToArray();
    }

    /// <summary>Sizes take eight bytes here, of which the first bit set in the first byte tells.</summary>
    private static byte[] Size(ulong size)
    {
        var bytes = new byte[SizeLength];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, size | (1UL << (7 * SizeLength)));
        return bytes;
    }
}

using System.Buffers.Binary;

namespace LatentSync.TestKit;

/// <summary>The part of Exif data that tells how a photograph was held.</summary>
internal static class ExifBlock
{
    /// <summary>A TIFF block whose first directory has an orientation and an entry before it.</summary>
    public static byte[] Make(int orientation, bool bigEndian)
    {
        var block = new byte[38];
        (bigEndian ? "MM"u8 : "II"u8).CopyTo(block);
        Put(2, 42);
        Put(bigEndian ? 6 : 4, 8);
        Put(8, 2);
        Put(10, 0x010F);
        Put(12, 3);
        Put(22, 0x0112);
        Put(24, 3);
        Put(bigEndian ? 28 : 26, 1);
        Put(30, orientation);
        return block;

        void Put(int at, int value)
        {
            if (bigEndian)
            {
                BinaryPrimitives.WriteUInt16BigEndian(block.AsSpan(at), (ushort)value);
            }
            else
            {
                BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(at), (ushort)value);
            }
        }
    }

    /// <summary>A JPEG file with the block in its first segment.</summary>
    public static byte[] IntoJpeg(byte[] picture, byte[] block)
    {
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(block.Length + 8));
        return [.. picture.AsSpan(0, 2), 0xFF, 0xE1, .. length, .. "Exif\0\0"u8, .. block, .. picture.AsSpan(2)];
    }

    /// <summary>A PNG file with the block behind its header.</summary>
    public static byte[] IntoPng(byte[] picture, byte[] block)
    {
        const int headerEnd = 8 + 25;
        byte[] content = [.. "eXIf"u8, .. block];
        var chunk = new byte[block.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, block.Length);
        content.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(content.Length + 4), Crc32(content));
        return [.. picture.AsSpan(0, headerEnd), .. chunk, .. picture.AsSpan(headerEnd)];
    }

    /// <summary>A WebP file with the block at its end. Its pictures are without the header that announces it, which decoders do not mind.</summary>
    public static byte[] IntoWebp(byte[] picture, byte[] block)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, block.Length);
        byte[] whole = [.. picture, .. "EXIF"u8, .. length, .. block];
        BinaryPrimitives.WriteInt32LittleEndian(whole.AsSpan(4), whole.Length - 8);
        return whole;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        const uint polynomial = 0xEDB88320;
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * polynomial);
            }
        }

        return ~crc;
    }
}

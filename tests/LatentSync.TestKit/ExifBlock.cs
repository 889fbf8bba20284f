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
}

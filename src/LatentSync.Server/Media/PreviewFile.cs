using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text.Json.Nodes;

namespace LatentSync.Server.Media;

/// <summary>The newest small picture of a job, as PNG (ISO/IEC 15948): 8 bits of red, green and blue, no filter.</summary>
internal static class PreviewFile
{
    private const int LongestSide = 256;
    private const int HeaderLength = 13;
    private const byte BitDepth = 8;
    private const byte TrueColor = 2;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>Replaces the picture with that of an engine's <c>preview</c> event; one that is not whole is left out.</summary>
    public static void Write(string path, JsonObject preview)
    {
        var (width, height) = ((int?)preview["width"] ?? 0, (int?)preview["height"] ?? 0);
        var pixels = Convert.FromBase64String((string?)preview["rgb"] ?? string.Empty);
        if (width is < 1 or > LongestSide || height is < 1 or > LongestSide || pixels.Length != width * height * 3)
        {
            return;
        }

        // Readers see the old picture or the new one.
        var partial = path + ".part";
        File.WriteAllBytes(partial, Encode(width, height, pixels));
        File.Move(partial, path, overwrite: true);
    }

    /// <summary>A PNG file.</summary>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="pixels">R, G, B, row by row from the top.</param>
    public static byte[] Encode(int width, int height, ReadOnlySpan<byte> pixels)
    {
        using var file = new MemoryStream();
        file.Write(Signature);
        Span<byte> header = stackalloc byte[HeaderLength];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        (header[8], header[9]) = (BitDepth, TrueColor);
        WriteChunk(file, "IHDR"u8, header);
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var row = 0; row < height; row++)
            {
                zlib.WriteByte(0);
                zlib.Write(pixels.Slice(row * width * 3, width * 3));
            }
        }

        WriteChunk(file, "IDAT"u8, data.GetBuffer().AsSpan(0, (int)data.Length));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        var crc = new Crc32();
        crc.Append(type);
        crc.Append(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, crc.GetCurrentHashAsUInt32());
        file.Write(number);
    }
}

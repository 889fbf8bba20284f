using System.Buffers.Binary;
using System.Runtime.InteropServices;
using static System.FormattableString;

namespace LatentSync.TestKit;

/// <summary>Reads 16-bit PCM mono WAV files at 16 kHz, the form the models hear.</summary>
internal static class Wav
{
    /// <summary>Samples per second.</summary>
    public const int SampleRate = 16000;

    private const int ChunkHeader = 8;

    public static short[] Read(string path)
    {
        ReadOnlySpan<byte> file = File.ReadAllBytes(path);
        if (file.Length < 12 || !file[..4].SequenceEqual("RIFF"u8) || !file[8..12].SequenceEqual("WAVE"u8))
        {
            throw new InvalidDataException($"{path} is not a WAV file.");
        }

        var format = Chunk(file, "fmt "u8, path);
        var (tag, channels, rate, bits) = (Word(format, 0), Word(format, 2), BinaryPrimitives.ReadInt32LittleEndian(format[4..]), Word(format, 14));
        return (tag, channels, rate, bits) == (1, 1, SampleRate, 16)
            ? MemoryMarshal.Cast<byte, short>(Chunk(file, "data"u8, path)).ToArray()
            : throw new NotSupportedException(Invariant($"{path}: format {tag}, {channels} channels, {rate} Hz, {bits} bits"));
    }

    public static void Write(string path, ReadOnlySpan<short> samples)
    {
        const int formatLength = 16;
        const int headerLength = 36;
        using var writer = new BinaryWriter(File.Create(path));
        writer.Write("RIFF"u8);
        writer.Write(headerLength + (sizeof(short) * samples.Length));
        writer.Write("WAVEfmt "u8);
        writer.Write(formatLength);
        writer.Write([1, 0, 1, 0]);
        writer.Write(SampleRate);
        writer.Write(sizeof(short) * SampleRate);
        writer.Write([sizeof(short), 0, 8 * sizeof(short), 0]);
        writer.Write("data"u8);
        writer.Write(sizeof(short) * samples.Length);
        writer.Write(MemoryMarshal.AsBytes(samples));
    }

    private static short Word(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadInt16LittleEndian(bytes[offset..]);

    private static ReadOnlySpan<byte> Chunk(ReadOnlySpan<byte> file, ReadOnlySpan<byte> name, string path)
    {
        for (var rest = file[12..]; rest.Length >= ChunkHeader; )
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
            if (rest.StartsWith(name))
            {
                return rest.Slice(ChunkHeader, length);
            }

            rest = rest[Math.Min(rest.Length, ChunkHeader + length + (length & 1))..];
        }

        throw new InvalidDataException($"{path} has no such chunk.");
    }
}

using System.IO.Compression;
using System.Runtime.InteropServices;

namespace LatentSync.TestKit.Packing;

/// <summary>
/// A file, packed without loss. Brotli stays near 90 % for random numbers; but where it is known which generator made them, the
/// generator makes them again, and only the difference in units of the last place is stored, nearly always zero. So the golden
/// networks, whose weights are random, take 0.8 MB instead of 17.8.
/// </summary>
/// <remarks>
/// Compressed: length of the file, number of spans; if that is not zero, the generator's position and state and the spans, each as
/// offset, count, kind, draws left out before it, scale, shift; then the file's bytes, in the spans the differences. All little endian.
/// </remarks>
internal static class PackedFile
{
    private const int MaxLength = 64 << 20;

    /// <summary>Packs a file.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="seed">What the generator was started with.</param>
    /// <param name="spans">Which parts it made, in any order.</param>
    public static byte[] Pack(ReadOnlySpan<byte> file, uint seed, IEnumerable<DrawnSpan> spans)
    {
        var content = file.ToArray();
        var ordered = spans.OrderBy(span => span.Draw).ToList();
        using var packed = new MemoryStream();
        using (var writer = new BinaryWriter(new BrotliStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)))
        {
            writer.Write(content.Length);
            writer.Write(ordered.Count);
            var (generator, draw) = (new MersenneTwister(seed), 0L);
            for (var i = 0; i < ordered.Count; i++)
            {
                var span = ordered[i];
                generator.Skip(span.Draw - draw);
                if (i == 0)
                {
                    writer.Write(generator.Position);
                    writer.Write(MemoryMarshal.AsBytes(generator.State));
                    draw = span.Draw;
                }

                writer.Write(span.Offset);
                writer.Write(span.Count);
                writer.Write((byte)span.Kind);
                writer.Write((int)(span.Draw - draw));
                writer.Write(span.Scale);
                writer.Write(span.Shift);
                draw = span.Draw + Apply(generator, span, content, sign: -1);
            }

            writer.Write(content);
        }

        return packed.ToArray();
    }

    /// <summary>The file again, bit for bit.</summary>
    public static byte[] Unpack(Stream packed)
    {
        using var reader = new BinaryReader(new BrotliStream(packed, CompressionMode.Decompress));
        var length = reader.ReadInt32();
        if ((uint)length > MaxLength)
        {
            throw new InvalidDataException("The file says that it is larger than any golden file.");
        }

        var (generator, spans) = ReadSpans(reader);
        var content = reader.ReadBytes(length);
        if (content.Length != length)
        {
            throw new InvalidDataException("The packed file is cut off.");
        }

        foreach (var span in spans)
        {
            generator!.Skip(span.Draw);
            Apply(generator, span, content, sign: 1);
        }

        return content;
    }

    /// <summary>The generator at the first span, and the spans; the draw of each is counted from the end of the one before.</summary>
    private static (MersenneTwister? Generator, List<DrawnSpan> Spans) ReadSpans(BinaryReader reader)
    {
        var count = reader.ReadInt32();
        if (count == 0)
        {
            return (null, []);
        }

        var position = reader.ReadInt32();
        var state = new uint[MersenneTwister.StateLength];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(state.AsSpan()));
        var spans = new List<DrawnSpan>();
        for (var i = 0; i < count; i++)
        {
            var (offset, numbers, kind, draw) = (reader.ReadInt32(), reader.ReadInt32(), (DrawnKind)reader.ReadByte(), reader.ReadInt32());
            spans.Add(new DrawnSpan(offset, numbers, kind, draw, reader.ReadSingle(), reader.ReadSingle()));
        }

        return (new MersenneTwister(state, position), spans);
    }

    /// <summary>Adds the generator's numbers to a part of the file, or takes them away, as integers of the same bits.</summary>
    /// <returns>How many draws that took.</returns>
    private static long Apply(MersenneTwister generator, DrawnSpan span, Span<byte> content, int sign)
    {
        var numbers = new float[span.Count];
        var draws = Draw(generator, span.Kind, numbers);
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = (numbers[i] * span.Scale) + span.Shift;
        }

        if (span.Kind == DrawnKind.NormalHalf)
        {
            var halves = MemoryMarshal.Cast<byte, short>(content.Slice(span.Offset, span.Count * sizeof(short)));
            for (var i = 0; i < halves.Length; i++)
            {
                halves[i] = unchecked((short)(halves[i] + (sign * BitConverter.HalfToInt16Bits((Half)numbers[i]))));
            }
        }
        else
        {
            var singles = MemoryMarshal.Cast<byte, int>(content.Slice(span.Offset, span.Count * sizeof(float)));
            for (var i = 0; i < singles.Length; i++)
            {
                singles[i] = unchecked(singles[i] + (sign * BitConverter.SingleToInt32Bits(numbers[i])));
            }
        }

        return draws;
    }

    private static long Draw(MersenneTwister generator, DrawnKind kind, Span<float> numbers)
    {
        if (kind == DrawnKind.Uniform)
        {
            TorchNumbers.Uniform(generator, numbers);
            return numbers.Length;
        }

        return TorchNumbers.Normal(generator, numbers);
    }
}

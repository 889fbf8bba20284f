using System.Buffers.Binary;
using System.Text;
using CsCheck;

namespace LatentSync.FuzzTests;

/// <summary>Makes damaged files out of good ones.</summary>
internal static class Mutations
{
    private const int MostAtOnce = 6;
    private const int LongestBlock = 64;

    // What counters, lengths and offsets are checked badly against.
    private static readonly long[] Extremes =
    [
        0,
        1,
        -1,
        2,
        0x7F,
        0x80,
        0xFF,
        0x100,
        short.MaxValue,
        ushort.MaxValue,
        ushort.MaxValue + 1,
        int.MaxValue,
        int.MinValue,
        uint.MaxValue,
        uint.MaxValue + 1L,
        1L << 40,
        1L << 56,
        long.MaxValue,
        long.MinValue,
        long.MaxValue - 7,
    ];

    private static readonly Gen<Mutation> One = Gen.Select(
        Gen.Enum<MutationKind>(),
        Gen.Double.Unit,
        Gen.Double.Unit,
        Gen.Int[1, LongestBlock],
        Gen.Int[0, byte.MaxValue],
        Gen.Int[0, int.MaxValue],
        (kind, at, from, length, value, choice) => new Mutation(kind, at, from, length, (byte)value, choice)
    );

    /// <summary>Copies of the seeds with one to six damages each.</summary>
    /// <param name="seeds">Good files.</param>
    /// <param name="words">Texts with a meaning to the parser, which are put in here and there.</param>
    public static Gen<byte[]> Of(IReadOnlyList<byte[]> seeds, params string[] words)
    {
        var pieces = words.Select(Encoding.UTF8.GetBytes).ToArray();
        return Gen.Select(Choose.Constant<byte[]>([.. seeds]), One.Array[1, MostAtOnce], (seed, mutations) =>
            mutations.Aggregate(seed, (bytes, mutation) => Apply(bytes, mutation, pieces))
        );
    }

    /// <summary>The same for texts.</summary>
    public static Gen<byte[]> Of(IReadOnlyList<string> seeds, params string[] words) => Of([.. seeds.Select(Encoding.UTF8.GetBytes)], words);

    private static byte[] Apply(byte[] bytes, Mutation mutation, byte[][] words)
    {
        if (bytes.Length == 0)
        {
            return [mutation.Value];
        }

        var at = (int)(mutation.At * bytes.Length);
        var length = Math.Min(mutation.Length, bytes.Length - at);
        switch (mutation.Kind)
        {
            case MutationKind.FlipBit:
                return Changed(bytes, at, [(byte)(bytes[at] ^ (1 << (mutation.Choice % 8)))]);
            case MutationKind.SetByte:
                return Changed(bytes, at, [mutation.Value]);
            case MutationKind.Insert:
                return [.. bytes.AsSpan(0, at), .. Enumerable.Repeat(mutation.Value, mutation.Length), .. bytes.AsSpan(at)];
            case MutationKind.Remove:
                return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(at + length)];
            case MutationKind.CutOff:
                return bytes[..at];
            case MutationKind.Repeat:
                return [.. bytes.AsSpan(0, at + length), .. bytes.AsSpan(at)];
            case MutationKind.Move:
                var block = bytes.AsSpan(at, length).ToArray();
                byte[] rest = [.. bytes.AsSpan(0, at), .. bytes.AsSpan(at + length)];
                var to = (int)(mutation.From * rest.Length);
                return [.. rest.AsSpan(0, to), .. block, .. rest.AsSpan(to)];
            case MutationKind.Number:
                return Changed(bytes, at, Number(mutation));
            default:
                return words.Length == 0
                    ? Changed(bytes, at, Number(mutation))
                    : [.. bytes.AsSpan(0, at), .. words[mutation.Choice % words.Length], .. bytes.AsSpan(at)];
        }
    }

    /// <summary>One of the extremes in 2, 4 or 8 bytes, in either order.</summary>
    private static byte[] Number(Mutation mutation)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Extremes[mutation.Choice % Extremes.Length]);
        var width = 2 << (mutation.Value % 3);
        var number = bytes[..width];
        if ((mutation.Value & 0x80) != 0)
        {
            Array.Reverse(number);
        }

        return number;
    }

    private static byte[] Changed(byte[] bytes, int at, ReadOnlySpan<byte> with)
    {
        var changed = (byte[])bytes.Clone();
        with[..Math.Min(with.Length, changed.Length - at)].CopyTo(changed.AsSpan(at));
        return changed;
    }

    private enum MutationKind
    {
        FlipBit,
        SetByte,
        Insert,
        Remove,
        CutOff,
        Repeat,
        Move,
        Number,
        Word,
    }

    /// <summary>One damage; places are shares of the length, so that it fits any file.</summary>
    private sealed record Mutation(MutationKind Kind, double At, double From, int Length, byte Value, int Choice);
}

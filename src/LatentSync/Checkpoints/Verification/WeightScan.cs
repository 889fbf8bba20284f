using System.Numerics;
using System.Runtime.InteropServices;
using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Checkpoints.Verification;

/// <summary>Looks for weights that are not numbers before they turn a whole video into noise.</summary>
internal static class WeightScan
{
    // Infinity without its sign: the exponent all ones. NaNs are above it.
    private const uint SingleInfinity = 0x7F800000;
    private const ushort HalfInfinity = 0x7C00;
    private const ushort BFloat16Infinity = 0x7F80;

    // Between two looks at the cancellation token; a millisecond or so.
    private const int ChunkBytes = 4 << 20;

    /// <summary>Refuses an archive in which any of the named tensors holds NaN or infinity.</summary>
    /// <param name="archive">The checkpoint.</param>
    /// <param name="names">The tensors to look at.</param>
    /// <param name="cancellationToken">Stops the scan.</param>
    /// <exception cref="LipSyncException">A value is not a finite float32 number; the message names its tensor.</exception>
    public static void RequireFinite(TensorArchive archive, IEnumerable<string> names, CancellationToken cancellationToken) =>
        RequireFinite(names.Select(name => archive.Tensors[name]), archive.Path, cancellationToken);

    /// <summary>The same for tensors at hand; <paramref name="path"/> is the file they come from.</summary>
    public static void RequireFinite(IEnumerable<StoredTensor> tensors, string path, CancellationToken cancellationToken)
    {
        foreach (var tensor in tensors)
        {
            if (!IsFinite(tensor, cancellationToken))
            {
                throw ModelErrors.Damaged(path, $"the weight {ModelErrors.Printable(tensor.Name)} holds values that are not finite numbers");
            }
        }
    }

    /// <summary>True if all values are finite as float32.</summary>
    public static bool IsFinite(StoredTensor tensor, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!tensor.Type.IsFloatingPoint())
        {
            return true;
        }

        if (!tensor.IsContiguous || tensor.Type == TensorDataType.Float64)
        {
            return AllBelow(MemoryMarshal.Cast<float, uint>(tensor.ToArray()), SingleInfinity);
        }

        for (var rest = tensor.Bytes; !rest.IsEmpty; rest = rest[Math.Min(ChunkBytes, rest.Length)..])
        {
            cancellationToken.ThrowIfCancellationRequested();
            var chunk = rest[..Math.Min(ChunkBytes, rest.Length)];
            var finite = tensor.Type switch
            {
                TensorDataType.Float32 => AllBelow(MemoryMarshal.Cast<byte, uint>(chunk), SingleInfinity),
                TensorDataType.Float16 => AllBelow(MemoryMarshal.Cast<byte, ushort>(chunk), HalfInfinity),
                _ => AllBelow(MemoryMarshal.Cast<byte, ushort>(chunk), BFloat16Infinity),
            };
            if (!finite)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True if every value, seen without its sign bit, is below infinity. One maximum per vector is all the work.</summary>
    private static bool AllBelow<T>(ReadOnlySpan<T> bits, T infinity)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var magnitude = T.MaxValue >>> 1;
        var mask = new Vector<T>(magnitude);
        var largest = Vector<T>.Zero;
        var i = 0;
        for (; i <= bits.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            largest = Vector.Max(largest, new Vector<T>(bits[i..]) & mask);
        }

        var finite = Vector.LessThanAll(largest, new Vector<T>(infinity));
        for (; i < bits.Length; i++)
        {
            finite &= (bits[i] & magnitude) < infinity;
        }

        return finite;
    }
}

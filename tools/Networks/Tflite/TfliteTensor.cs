using System.Runtime.InteropServices;

namespace LatentSync.Networks.Files;

/// <summary>A tensor of a TensorFlow Lite graph: a constant if it has data, else a value computed at run time.</summary>
/// <param name="Name">The name the exporter gave it.</param>
/// <param name="Shape">Axis lengths, all positive; images are [N, H, W, C].</param>
/// <param name="Type">The element type.</param>
/// <param name="Data">The little-endian elements in C order; empty for computed values.</param>
internal sealed record TfliteTensor(string Name, int[] Shape, TfliteElementType Type, ReadOnlyMemory<byte> Data)
{
    private const int MaximumAxisLength = 1 << 16;
    private const int MaximumElements = 1 << 24;

    /// <summary>Whether the values are in the file.</summary>
    public bool IsConstant => !Data.IsEmpty;

    /// <summary>Whether the tensor is an image, which ONNX keeps as [N, C, H, W].</summary>
    public bool IsImage => Shape.Length == 4;

    /// <summary>Reads a tensor's table; <paramref name="buffers"/> holds the data of all tensors.</summary>
    public static TfliteTensor Read(FlatTable table, FlatTable[] buffers)
    {
        var (name, shape, type, buffer) = (table.Text(3), table.Int32s(0), (TfliteElementType)table.Byte(1), table.Int32(2));
        if (buffer < 0 || buffer >= buffers.Length)
        {
            throw TfliteError.Damaged("a tensor has no buffer");
        }

        var elements = 1L;
        foreach (var length in shape)
        {
            elements *= length is > 0 and <= MaximumAxisLength ? length : throw TfliteError.Damaged("a tensor has an axis without length");
            if (elements > MaximumElements)
            {
                throw TfliteError.Damaged("a tensor is larger than any model needs");
            }
        }

        var data = buffers[buffer].Bytes(0);
        return data.IsEmpty || data.Length == elements * ElementSize(type)
            ? new TfliteTensor(name, shape, type, data)
            : throw TfliteError.Damaged("a tensor's data does not fill its shape");
    }

    /// <summary>The constant's values as float32.</summary>
    public float[] ToFloats() =>
        Type switch
        {
            TfliteElementType.Float32 when IsConstant => MemoryMarshal.Cast<byte, float>(Data.Span).ToArray(),
            TfliteElementType.Float16 when IsConstant => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(Data.Span).ToArray(), value => (float)value),
            _ => throw TfliteError.Unsupported("a weight that is not a floating-point constant"),
        };

    /// <summary>The constant's values as integers.</summary>
    public int[] ToIntegers() =>
        Type == TfliteElementType.Int32 && IsConstant
            ? MemoryMarshal.Cast<byte, int>(Data.Span).ToArray()
            : throw TfliteError.Unsupported("a parameter that is not an integer constant");

    private static int ElementSize(TfliteElementType type) =>
        type switch
        {
            TfliteElementType.Float32 => sizeof(float),
            TfliteElementType.Float16 => sizeof(ushort),
            TfliteElementType.Int32 => sizeof(int),
            _ => throw TfliteError.Unsupported(Invariant($"element type {(int)type}")),
        };
}

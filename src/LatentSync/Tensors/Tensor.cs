using System.Runtime.InteropServices;

namespace LatentSync.Tensors;

/// <summary>A dense float32 array in C order with its shape; the array is exactly as long as the shape says.</summary>
internal sealed class Tensor
{
    /// <summary>A tensor of zeros.</summary>
    public Tensor(params ReadOnlySpan<int> shape)
        : this(new float[ElementCount(shape)], shape) { }

    /// <summary>A tensor over an existing array, which is not copied.</summary>
    /// <exception cref="ArgumentException">The array's length is not the product of the shape.</exception>
    public Tensor(float[] data, params ReadOnlySpan<int> shape)
    {
        if (data.Length != ElementCount(shape))
        {
            throw new ArgumentException(Invariant($"Shape [{Format(shape)}] needs {ElementCount(shape)} values, the array holds {data.Length}."), nameof(data));
        }

        Data = data;
        Shape = shape.ToArray();
    }

    /// <summary>The values in C order: the last axis runs fastest.</summary>
    public float[] Data { get; }

    /// <summary>The length of each axis.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The values as a span.</summary>
    public Span<float> Span => Data;

    /// <summary>The number of axes.</summary>
    public int Rank => Shape.Count;

    /// <summary>The number of values.</summary>
    public int Length => Data.Length;

    /// <summary>The values of entry <paramref name="index"/> of the first axis.</summary>
    public Span<float> Row(int index)
    {
        var stride = Length / Shape[0];
        return Data.AsSpan(checked(index * stride), stride);
    }

    /// <summary>All entries of the first axis, for those who fill them.</summary>
    public IReadOnlyList<Memory<float>> Rows() => [.. Enumerable.Range(0, Shape[0]).Select(row => Data.AsMemory(row * (Length / Shape[0]), Length / Shape[0]))];

    /// <summary>A copy of entry <paramref name="index"/> of the first axis, with the shape of the other axes.</summary>
    public Tensor Slice(int index) => new(Row(index).ToArray(), [.. Shape.Skip(1)]);

    /// <summary>The same values under another shape; shares the array.</summary>
    public Tensor Reshape(params ReadOnlySpan<int> shape) => new(Data, shape);

    /// <summary>Throws unless the shape is the given one; -1 stands for any length.</summary>
    public void RequireShape(string name, params ReadOnlySpan<int> expected)
    {
        var fits = expected.Length == Rank;
        for (var axis = 0; fits && axis < Rank; axis++)
        {
            fits = expected[axis] < 0 || expected[axis] == Shape[axis];
        }

        if (!fits)
        {
            throw new ArgumentException($"{name} has shape [{this}], expected [{Format(expected)}].", name);
        }
    }

    /// <summary>The shape, such as <c>8, 3, 128, 128</c>.</summary>
    public override string ToString() => string.Join(", ", Shape);

    private static int ElementCount(ReadOnlySpan<int> shape)
    {
        var count = 1;
        foreach (var length in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(length, nameof(shape));
            count = checked(count * length);
        }

        return count;
    }

    private static string Format(ReadOnlySpan<int> shape) =>
        string.Join(
            ", ",
            MemoryMarshal.ToEnumerable<int>(shape.ToArray()).Select(length => length < 0 ? "any" : length.ToString(CultureInfo.InvariantCulture))
        );
}

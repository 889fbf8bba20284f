namespace LatentSync.Checkpoints.Tensors;

/// <summary>Arithmetic on shapes and strides, both counted in elements.</summary>
internal static class TensorLayout
{
    /// <summary>The product of the axes; 1 for no axes.</summary>
    /// <exception cref="OverflowException">It does not fit 64 bits.</exception>
    public static long ElementCount(ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (var length in shape)
        {
            count = checked(count * length);
        }

        return count;
    }

    /// <summary>The strides of C order.</summary>
    public static long[] ContiguousStrides(ReadOnlySpan<long> shape)
    {
        var strides = new long[shape.Length];
        long stride = 1;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride = checked(stride * Math.Max(shape[axis], 1));
        }

        return strides;
    }

    /// <summary>True if the elements lie in C order without gaps; the stride of an axis of length one does not matter.</summary>
    public static bool IsContiguous(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides)
    {
        if (shape.Contains(0))
        {
            return true;
        }

        long expected = 1;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            if (shape[axis] != 1 && strides[axis] != expected)
            {
                return false;
            }

            expected *= shape[axis];
        }

        return true;
    }

    /// <summary>
    /// True if the tensor has a sane rank and no negative number, and all of its elements lie inside a storage of
    /// <paramref name="capacity"/> elements. A tensor with more elements than its storage (an expanded one) does not fit.
    /// </summary>
    public static bool Fits(ReadOnlySpan<long> shape, long[]? strides, long firstElement, long capacity)
    {
        if (
            shape.Length > StoredTensor.MaxRank
            || (strides is not null && strides.Length != shape.Length)
            || firstElement < 0
            || shape.ContainsAnyInRange(long.MinValue, -1)
        )
        {
            return false;
        }

        try
        {
            // The strides of an empty tensor still have to be computable, so this comes before the shortcut below.
            var steps = strides ?? ContiguousStrides(shape);
            var count = ElementCount(shape);
            var last = firstElement;
            for (var axis = 0; axis < shape.Length && count > 0; axis++)
            {
                if (steps[axis] < 0)
                {
                    return false;
                }

                last = checked(last + ((shape[axis] - 1) * steps[axis]));
            }

            return count == 0 ? firstElement <= capacity : last < capacity && count <= capacity;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    /// <summary>The element at the given position of the leading axes.</summary>
    public static long Offset(ReadOnlySpan<long> index, ReadOnlySpan<long> strides)
    {
        long offset = 0;
        for (var axis = 0; axis < index.Length; axis++)
        {
            offset += index[axis] * strides[axis];
        }

        return offset;
    }

    /// <summary>Moves to the next position in C order.</summary>
    public static void Advance(Span<long> index, ReadOnlySpan<long> shape)
    {
        for (var axis = index.Length - 1; axis >= 0; axis--)
        {
            if (++index[axis] < shape[axis])
            {
                return;
            }

            index[axis] = 0;
        }
    }
}

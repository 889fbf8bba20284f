namespace LatentSync.Checkpoints.Tensors;

/// <summary>
/// A tensor inside a mapped checkpoint. Nothing is copied until it is asked for; a contiguous tensor can be used in
/// place through <see cref="Pointer"/> or <see cref="Bytes"/>. Valid as long as its archive is open.
/// </summary>
internal sealed unsafe class StoredTensor
{
    /// <summary>More axes than any network here has; keeps hostile shapes small.</summary>
    public const int MaxRank = 8;

    private readonly MappedFile _file;
    private readonly long[] _shape;
    private readonly long[] _strides;

    private StoredTensor(MappedFile file, string name, TensorDataType type, long[] shape, long[] strides, long fileOffset)
    {
        (_file, Name, Type, _shape, _strides, FileOffset) = (file, name, type, shape, strides, fileOffset);
        ElementCount = TensorLayout.ElementCount(shape);
        IsContiguous = TensorLayout.IsContiguous(shape, strides);
    }

    /// <summary>The name in the state dict.</summary>
    public string Name { get; }

    /// <summary>The type of the stored elements.</summary>
    public TensorDataType Type { get; }

    /// <summary>The length of each axis; empty for a single number.</summary>
    public IReadOnlyList<long> Shape => _shape;

    /// <summary>The product of the shape.</summary>
    public long ElementCount { get; }

    /// <summary>Bytes of all elements.</summary>
    public long ByteLength => ElementCount * Type.Size();

    /// <summary>Where the first element lies in the file, in bytes from its start.</summary>
    public long FileOffset { get; }

    /// <summary>True if the elements lie in C order without gaps.</summary>
    public bool IsContiguous { get; }

    /// <summary>The first element in the mapping.</summary>
    /// <exception cref="InvalidOperationException">The tensor is not contiguous.</exception>
    public byte* Pointer
    {
        get
        {
            RequireContiguous();
            return _file.Pointer + FileOffset;
        }
    }

    /// <summary>The elements in the mapping, as bytes.</summary>
    /// <exception cref="InvalidOperationException">The tensor is not contiguous.</exception>
    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            RequireContiguous();
            return _file.Slice(FileOffset, ByteLength);
        }
    }

    /// <summary>Describes a tensor after checking that every element lies inside its storage.</summary>
    /// <param name="file">The mapping.</param>
    /// <param name="name">The name in the state dict.</param>
    /// <param name="type">The type of the elements.</param>
    /// <param name="shape">The length of each axis.</param>
    /// <param name="strides">Elements from one entry of an axis to the next; null for C order.</param>
    /// <param name="storageOffset">Where the storage begins in the file, in bytes.</param>
    /// <param name="storageLength">The length of the storage in bytes.</param>
    /// <param name="firstElement">The tensor's first element, counted in elements from the storage's start.</param>
    /// <exception cref="LipSyncException">An element would lie outside, or the numbers make no tensor.</exception>
    public static StoredTensor Create(
        MappedFile file,
        string name,
        TensorDataType type,
        long[] shape,
        long[]? strides,
        long storageOffset,
        long storageLength,
        long firstElement = 0
    )
    {
        if (!TensorLayout.Fits(shape, strides, firstElement, storageLength / type.Size()) || storageOffset < 0 || storageLength > file.Length - storageOffset)
        {
            throw ModelErrors.Damaged(file.Path, $"the tensor {ModelErrors.Printable(name)} does not lie inside its storage");
        }

        return new StoredTensor(file, name, type, shape, strides ?? TensorLayout.ContiguousStrides(shape), storageOffset + (firstElement * type.Size()));
    }

    /// <summary>The same elements under another name and shape; shares the mapping.</summary>
    /// <exception cref="ArgumentException">The shape has another number of elements, or the tensor is not contiguous.</exception>
    public StoredTensor View(string name, params long[] shape)
    {
        if (TensorLayout.ElementCount(shape) != ElementCount || (!IsContiguous && !_shape.AsSpan().SequenceEqual(shape)))
        {
            throw new ArgumentException($"{Name} cannot be seen as [{string.Join(", ", shape)}].", nameof(shape));
        }

        return new StoredTensor(_file, name, Type, shape, IsContiguous ? TensorLayout.ContiguousStrides(shape) : _strides, FileOffset);
    }

    /// <summary>Writes all elements in C order, widened to float32 (64-bit types are rounded).</summary>
    /// <exception cref="ArgumentException">The destination is not exactly as long as the tensor.</exception>
    public void CopyTo(Span<float> destination)
    {
        if (destination.Length != ElementCount)
        {
            throw new ArgumentException(Invariant($"{Name} has {ElementCount} elements, the destination {destination.Length}."), nameof(destination));
        }

        if (IsContiguous)
        {
            TensorWidening.ToSingle(Type, Bytes, destination);
        }
        else
        {
            CopyRows(destination);
        }
    }

    /// <summary>The elements in C order as float32, in an array of their own.</summary>
    public float[] ToArray()
    {
        var values = new float[ElementCount];
        CopyTo(values);
        return values;
    }

    /// <summary>Such as <c>conv_in.weight Float32 [320, 13, 3, 3]</c>.</summary>
    public override string ToString() => $"{Name} {Type} [{string.Join(", ", _shape)}]";

    private void CopyRows(Span<float> destination)
    {
        var size = Type.Size();
        var width = (int)_shape[^1];
        var row = new byte[checked(width * size)];
        var index = new long[_shape.Length - 1];
        for (var done = 0; done < destination.Length; done += width)
        {
            var source = _file.Pointer + FileOffset + (TensorLayout.Offset(index, _strides) * size);
            for (var column = 0; column < width; column++)
            {
                new ReadOnlySpan<byte>(source + (column * _strides[^1] * size), size).CopyTo(row.AsSpan(column * size));
            }

            TensorWidening.ToSingle(Type, row, destination.Slice(done, width));
            TensorLayout.Advance(index, _shape);
        }
    }

    private void RequireContiguous()
    {
        if (!IsContiguous)
        {
            throw new InvalidOperationException($"{Name} is not contiguous; copy it.");
        }
    }
}

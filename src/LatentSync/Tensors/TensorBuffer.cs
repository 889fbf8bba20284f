namespace LatentSync.Tensors;

/// <summary>
/// A tensor that is used again for every clip of the same shape: a clip of 16 faces at 512 pixels is 50 MB, which would
/// otherwise be garbage a moment later. One thread at a time.
/// </summary>
internal sealed class TensorBuffer
{
    private Tensor? _tensor;

    /// <summary>The tensor, with whatever values it last had; a new one if the shape is another than before.</summary>
    public Tensor Get(params ReadOnlySpan<int> shape)
    {
        if (_tensor is null || !shape.SequenceEqual([.. _tensor.Shape]))
        {
            _tensor = new Tensor(shape);
        }

        return _tensor;
    }
}

using System.Runtime.InteropServices;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Tensors;

namespace LatentSync.TestKit.Checkpoints;

/// <summary>A tensor to be written to a checkpoint: raw bytes with a type and a shape.</summary>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The length of each axis.</param>
/// <param name="Data">The storage, little endian.</param>
/// <param name="Strides">Elements from one entry of an axis to the next; null for C order.</param>
/// <param name="FirstElement">Elements in the storage before the first one.</param>
internal sealed record TorchTensor(TensorDataType Type, long[] Shape, byte[] Data, long[]? Strides = null, long FirstElement = 0)
{
    public static TorchTensor Single(ReadOnlySpan<float> values, params long[] shape) =>
        new(TensorDataType.Float32, shape, MemoryMarshal.AsBytes(values).ToArray());

    public static TorchTensor Single(Tensor tensor) => Single(tensor.Span, [.. tensor.Shape.Select(length => (long)length)]);

    public static TorchTensor Half(ReadOnlySpan<float> values, params long[] shape)
    {
        var halves = new Half[values.Length];
        System.Numerics.Tensors.TensorPrimitives.ConvertToHalf(values, halves);
        return new(TensorDataType.Float16, shape, MemoryMarshal.AsBytes(halves.AsSpan()).ToArray());
    }
}

using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LatentSync.Imaging;

namespace LatentSync.Restoration;

/// <summary>
/// The bicubic weights along one axis of the face around a point of any fraction. The window has a fixed length and
/// never leaves the axis; weights beyond the kernel are 0 and the sum is 1.
/// </summary>
internal sealed class CubicWindow
{
    private static readonly int Lanes = Vector256<float>.Count;

    private readonly int _length;
    private readonly int _multiple;
    private readonly float[] _weights;
    private double _scale;
    private int _count;

    /// <summary>A window over an axis.</summary>
    /// <param name="length">Pixels of the axis.</param>
    /// <param name="multiple">The number of weights is rounded up to a multiple of this, which divides the length.</param>
    public CubicWindow(int length, int multiple)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(multiple);
        if (length % multiple != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, Invariant($"The length must be a multiple of {multiple}."));
        }

        (_length, _multiple) = (length, multiple);
        _weights = new float[length + Lanes];
        SetScale(1);
    }

    /// <summary>The pixel of the first weight.</summary>
    public int First { get; private set; }

    /// <summary>The weights.</summary>
    public ReadOnlySpan<float> Weights => _weights.AsSpan(0, _count);

    /// <summary>Sets how many pixels of this axis one output pixel spans; below 1 the kernel keeps its own width.</summary>
    public void SetScale(double scale)
    {
        _scale = Math.Max(scale, 1);
        var taps = (int)Math.Min(Math.Ceiling(2 * CubicKernel.Radius * _scale), _length);
        _count = (taps + _multiple - 1) / _multiple * _multiple;
    }

    /// <summary>Computes the weights around a position, which is on the axis or at most a pixel off it.</summary>
    public void MoveTo(double position)
    {
        var start = Math.Floor(position - (CubicKernel.Radius * _scale)) + 1;
        First = (int)Math.Clamp(start, 0, _length - _count);
        var step = (float)(1 / _scale);
        var offset = Vector256.Create((float)((First - position) / _scale));
        ref var weights = ref MemoryMarshal.GetArrayDataReference(_weights);
        for (var i = 0; i < _count; i += Lanes)
        {
            var index = Vector256.Create((float)i) + Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);
            CubicKernel.Evaluate((index * step) + offset).StoreUnsafe(ref weights, (nuint)i);
        }

        var used = _weights.AsSpan(0, _count);
        TensorPrimitives.Divide(used, TensorPrimitives.Sum<float>(used), used);
    }
}

using LatentSync.Imaging;

namespace LatentSync.Restoration;

/// <summary>
/// Where a frame was painted, and how much; where several faces overlap, the most. One thread at a time, but several may paint
/// different rows at once.
/// </summary>
/// <param name="width">Pixels per row of the frame.</param>
/// <param name="height">Rows of the frame.</param>
internal sealed class PaintedMask(int width, int height)
{
    private readonly byte[] _weights = new byte[width * height];
    private byte[] _region = [];

    /// <summary>The rectangle that holds all that was painted since <see cref="Clear"/>.</summary>
    public PixelRectangle Bounds { get; private set; }

    /// <summary>A face is about to be painted within this rectangle of the frame.</summary>
    public void Add(PixelRectangle region) =>
        Bounds = Bounds.IsEmpty
            ? region
            : new PixelRectangle(
                Math.Min(Bounds.Left, region.Left),
                Math.Min(Bounds.Top, region.Top),
                Math.Max(Bounds.Right, region.Right),
                Math.Max(Bounds.Bottom, region.Bottom)
            );

    /// <summary>A pixel within <see cref="Bounds"/> is painted.</summary>
    /// <param name="x">Its place in the row.</param>
    /// <param name="y">Its row.</param>
    /// <param name="weight">How much of it, 0 to 1.</param>
    public void Paint(int x, int y, float weight)
    {
        ref var value = ref _weights[(y * width) + x];
        value = Math.Max(value, (byte)Math.Clamp(float.Round(weight * byte.MaxValue), 0, byte.MaxValue));
    }

    /// <summary>The weights within <see cref="Bounds"/>, row by row; overwritten by the next call.</summary>
    public ReadOnlyMemory<byte> Region()
    {
        var length = Bounds.Width * Bounds.Height;
        if (_region.Length < length)
        {
            _region = new byte[length];
        }

        for (var row = 0; row < Bounds.Height; row++)
        {
            Row(row).CopyTo(_region.AsSpan(row * Bounds.Width));
        }

        return _region.AsMemory(0, length);
    }

    /// <summary>Begins the next frame.</summary>
    public void Clear()
    {
        for (var row = 0; row < Bounds.Height; row++)
        {
            Row(row).Clear();
        }

        Bounds = default;
    }

    private Span<byte> Row(int row) => _weights.AsSpan(((Bounds.Top + row) * width) + Bounds.Left, Bounds.Width);
}

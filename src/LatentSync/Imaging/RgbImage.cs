namespace LatentSync.Imaging;

/// <summary>An 8-bit RGB image, rows from the top, pixels interleaved (R, G, B), no padding between rows.</summary>
internal sealed class RgbImage
{
    /// <summary>Bytes of one pixel.</summary>
    public const int Channels = 3;

    /// <summary>A black image.</summary>
    public RgbImage(int width, int height)
        : this(width, height, new byte[checked(width * height * Channels)]) { }

    /// <summary>An image over existing pixels, which are not copied.</summary>
    public RgbImage(int width, int height, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (pixels.Length != checked(width * height * Channels))
        {
            throw new ArgumentException(
                Invariant($"An image of {width}x{height} needs {width * height * Channels} bytes, got {pixels.Length}."),
                nameof(pixels)
            );
        }

        Width = width;
        Height = height;
        Pixels = pixels;
    }

    /// <summary>Pixels per row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Bytes per row.</summary>
    public int Stride => Width * Channels;

    /// <summary>All pixels, <see cref="Height"/> x <see cref="Width"/> x 3 bytes.</summary>
    public byte[] Pixels { get; }

    /// <summary>The bytes of one row.</summary>
    public Span<byte> Row(int y) => Pixels.AsSpan(y * Stride, Stride);
}

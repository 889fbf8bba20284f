namespace LatentSync.Imaging;

/// <summary>Pixels from (<see cref="Left"/>, <see cref="Top"/>) up to, but without, (<see cref="Right"/>, <see cref="Bottom"/>).</summary>
internal readonly record struct PixelRectangle(int Left, int Top, int Right, int Bottom)
{
    /// <summary>Pixels per row; 0 when the rectangle is empty.</summary>
    public int Width => Math.Max(0, Right - Left);

    /// <summary>Rows; 0 when the rectangle is empty.</summary>
    public int Height => Math.Max(0, Bottom - Top);

    /// <summary>Whether it holds no pixel.</summary>
    public bool IsEmpty => Width == 0 || Height == 0;

    /// <summary>
    /// The part of an image of <paramref name="width"/> x <paramref name="height"/> pixels that holds the image of this
    /// rectangle under <paramref name="transform"/>, with <paramref name="margin"/> pixels more on every side.
    /// </summary>
    public PixelRectangle Transform(AffineTransform transform, int margin, int width, int height)
    {
        ReadOnlySpan<Point2D> corners =
        [
            transform.Apply(new Point2D(Left, Top)),
            transform.Apply(new Point2D(Right - 1, Top)),
            transform.Apply(new Point2D(Left, Bottom - 1)),
            transform.Apply(new Point2D(Right - 1, Bottom - 1)),
        ];

        var (left, top) = (double.PositiveInfinity, double.PositiveInfinity);
        var (right, bottom) = (double.NegativeInfinity, double.NegativeInfinity);
        foreach (var corner in corners)
        {
            left = Math.Min(left, corner.X);
            top = Math.Min(top, corner.Y);
            right = Math.Max(right, corner.X);
            bottom = Math.Max(bottom, corner.Y);
        }

        return new PixelRectangle(
            Clip(Math.Floor(left) - margin, width),
            Clip(Math.Floor(top) - margin, height),
            Clip(Math.Ceiling(right) + margin + 1, width),
            Clip(Math.Ceiling(bottom) + margin + 1, height)
        );
    }

    private static int Clip(double value, int limit) => (int)Math.Clamp(value, 0, limit);
}

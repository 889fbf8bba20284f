namespace LatentSync.Imaging;

/// <summary>
/// A 2x3 matrix that takes a point (x, y) to (M11 x + M12 y + M13, M21 x + M22 y + M23). Coordinates are in pixels,
/// with pixel centres at integers.
/// </summary>
internal readonly record struct AffineTransform(double M11, double M12, double M13, double M21, double M22, double M23)
{
    /// <summary>The transform that changes nothing.</summary>
    public static AffineTransform Identity { get; } = new(1, 0, 0, 0, 1, 0);

    /// <summary>From a picture with oblong pixels to the same as it is shown, as wide as its pixels make it.</summary>
    /// <param name="pixelAspect">Width over height of a pixel.</param>
    public static AffineTransform ToSquarePixels(double pixelAspect) => new(pixelAspect, 0, (pixelAspect - 1) / 2, 0, 1, 0);

    /// <summary>The image of a point.</summary>
    public Point2D Apply(Point2D point) => new((M11 * point.X) + (M12 * point.Y) + M13, (M21 * point.X) + (M22 * point.Y) + M23);

    /// <summary>Whether a transform undoes this one: the matrix is not singular and holds finite numbers.</summary>
    public bool IsInvertible => Math.Abs(Determinant) >= 1e-12 && double.IsFinite(Determinant) && double.IsFinite(M13) && double.IsFinite(M23);

    private double Determinant => (M11 * M22) - (M12 * M21);

    /// <summary>The transform that undoes this one.</summary>
    /// <exception cref="InvalidOperationException">The matrix is singular or holds values that are not finite numbers.</exception>
    public AffineTransform Invert()
    {
        if (!IsInvertible)
        {
            throw new InvalidOperationException("The affine transform has no inverse.");
        }

        var determinant = Determinant;
        var (a, b, c, d) = (M22 / determinant, -M12 / determinant, -M21 / determinant, M11 / determinant);
        return new AffineTransform(a, b, -((a * M13) + (b * M23)), c, d, -((c * M13) + (d * M23)));
    }

    /// <summary>The transform that applies this one first and then <paramref name="next"/>.</summary>
    public AffineTransform Then(AffineTransform next) =>
        new(
            (next.M11 * M11) + (next.M12 * M21),
            (next.M11 * M12) + (next.M12 * M22),
            (next.M11 * M13) + (next.M12 * M23) + next.M13,
            (next.M21 * M11) + (next.M22 * M21),
            (next.M21 * M12) + (next.M22 * M22),
            (next.M21 * M13) + (next.M22 * M23) + next.M23
        );

    /// <summary>The same transform with the shift (x, y) added to its result.</summary>
    public AffineTransform Translate(double x, double y) => this with { M13 = M13 + x, M23 = M23 + y };
}

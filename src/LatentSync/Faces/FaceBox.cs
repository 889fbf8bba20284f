using LatentSync.Imaging;

namespace LatentSync.Faces;

/// <summary>An upright rectangle in pixels of the frame; may reach outside it.</summary>
internal readonly record struct FaceBox(double Left, double Top, double Right, double Bottom)
{
    // Two detectors' boxes of one face, or a detector's and the mesh's.
    private const double SameFaceOverlap = 0.3;

    /// <summary>Right - Left.</summary>
    public double Width => Right - Left;

    /// <summary>Bottom - Top.</summary>
    public double Height => Bottom - Top;

    /// <summary>Width * Height; 0 if the box is inside out.</summary>
    public double Area => Math.Max(Width, 0) * Math.Max(Height, 0);

    /// <summary>The middle of the box.</summary>
    public Point2D Center => new((Left + Right) / 2, (Top + Bottom) / 2);

    /// <summary>The smallest box around the points.</summary>
    public static FaceBox Around(ReadOnlySpan<Point2D> points)
    {
        var (left, top, right, bottom) = (double.PositiveInfinity, double.PositiveInfinity, double.NegativeInfinity, double.NegativeInfinity);
        foreach (var point in points)
        {
            (left, right) = (Math.Min(left, point.X), Math.Max(right, point.X));
            (top, bottom) = (Math.Min(top, point.Y), Math.Max(bottom, point.Y));
        }

        return new FaceBox(left, top, right, bottom);
    }

    /// <summary>The box shifted by (x, y).</summary>
    public FaceBox Move(double x, double y) => new(Left + x, Top + y, Right + x, Bottom + y);

    /// <summary>Whether both boxes of one frame are about the same face.</summary>
    public bool IsOfSameFace(FaceBox other) => Overlap(other) >= SameFaceOverlap;

    /// <summary>Intersection over union, 0 for boxes apart to 1 for equal ones.</summary>
    public double Overlap(FaceBox other)
    {
        var common = new FaceBox(Math.Max(Left, other.Left), Math.Max(Top, other.Top), Math.Min(Right, other.Right), Math.Min(Bottom, other.Bottom)).Area;
        var union = Area + other.Area - common;
        return union > 0 ? common / union : 0;
    }
}

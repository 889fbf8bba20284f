using LatentSync.Imaging;

namespace LatentSync.Faces;

/// <summary>The three points a face is aligned by, left and right as seen in the image.</summary>
internal readonly record struct FacePoints(Point2D LeftBrow, Point2D RightBrow, Point2D Nose)
{
    /// <summary>Their mean.</summary>
    public Point2D Centre => new((LeftBrow.X + RightBrow.X + Nose.X) / 3, (LeftBrow.Y + RightBrow.Y + Nose.Y) / 3);

    /// <summary>The standard deviation of all six coordinates once the points are centred, over the given degrees of freedom.</summary>
    public double Spread(int degreesOfFreedom)
    {
        var (left, right, nose) = Relative(Centre, 1);
        return Math.Sqrt((SquaredLength(left) + SquaredLength(right) + SquaredLength(nose)) / degreesOfFreedom);
    }

    /// <summary>The points with the origin moved to <paramref name="centre"/> and divided by <paramref name="unit"/>.</summary>
    public FacePoints Relative(Point2D centre, double unit) =>
        new(Relative(LeftBrow, centre, unit), Relative(RightBrow, centre, unit), Relative(Nose, centre, unit));

    private static Point2D Relative(Point2D point, Point2D centre, double unit) => new((point.X - centre.X) / unit, (point.Y - centre.Y) / unit);

    private static double SquaredLength(Point2D point) => (point.X * point.X) + (point.Y * point.Y);
}

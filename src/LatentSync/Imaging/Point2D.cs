namespace LatentSync.Imaging;

/// <summary>A point in pixels; x to the right, y down.</summary>
internal readonly record struct Point2D(double X, double Y)
{
    /// <summary>The straight way to another point.</summary>
    public double DistanceTo(Point2D other) => Math.Sqrt(((other.X - X) * (other.X - X)) + ((other.Y - Y) * (other.Y - Y)));
}

using LatentSync.Imaging;

namespace LatentSync.Faces;

/// <summary>Means of chosen landmarks.</summary>
internal static class LandmarkMean
{
    /// <summary>The mean of the points at <paramref name="indices"/>; the reference implementation rounds it to whole pixels.</summary>
    public static Point2D Of(ReadOnlySpan<Point2D> points, ReadOnlySpan<int> indices, bool round)
    {
        double x = 0,
            y = 0;
        foreach (var index in indices)
        {
            x += points[index].X;
            y += points[index].Y;
        }

        var mean = new Point2D(x / indices.Length, y / indices.Length);
        return round ? Round(mean) : mean;
    }

    /// <summary>Rounds to whole pixels, halves to even, as NumPy does.</summary>
    public static Point2D Round(Point2D point) => new(Math.Round(point.X), Math.Round(point.Y));
}

namespace LatentSync.Imaging;

/// <summary>A point in pixels; x to the right, y down.</summary>
internal readonly record struct Point2D(double X, double Y);

using LatentSync.Imaging;

namespace LatentSync.Faces;

/// <summary>
/// How far a face is turned aside, from three landmarks: the place of the tip of the nose along the line through the outer
/// corners of the eyes, from their middle, in units of their distance. Tilting or nodding the head does not change it. On
/// MediaPipe's canonical face the tip lies 0.496 of that distance before the corners, so that a turn by an angle a gives
/// 0.496 tan a.
/// </summary>
internal static class FaceTurn
{
    /// <summary>From here on a face is turned away: 50 degrees. Half of the mouth is hidden, and the models know no such faces.</summary>
    public const double Away = 0.6;

    /// <summary>A face turned away is taken again below this: 45 degrees, so that noise at the limit does not flicker.</summary>
    public const double Back = 0.5;

    /// <summary>Computes it; positive towards the right of the image. Infinite where the corners coincide.</summary>
    public static double Of(Point2D leftCorner, Point2D rightCorner, Point2D noseTip)
    {
        var (x, y) = (rightCorner.X - leftCorner.X, rightCorner.Y - leftCorner.Y);
        var squared = (x * x) + (y * y);
        var (toX, toY) = (noseTip.X - ((leftCorner.X + rightCorner.X) / 2), noseTip.Y - ((leftCorner.Y + rightCorner.Y) / 2));
        return squared > 0 ? ((toX * x) + (toY * y)) / squared : double.PositiveInfinity;
    }
}

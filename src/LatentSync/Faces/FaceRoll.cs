using LatentSync.Imaging;

namespace LatentSync.Faces;

/// <summary>
/// How far a face is tilted to a shoulder, from the line through its eyebrows, which neither nodding nor turning aside
/// changes. A face whose eyes do not lie above its mouth is one of a picture that lies on its side or stands on its head:
/// the models know no such faces, and what a landmark network makes of one is often no face at all.
/// </summary>
internal static class FaceRoll
{
    /// <summary>Degrees from upright up to which a face is taken; people tilt their heads by 40 at most.</summary>
    public const double Largest = 60;

    /// <summary>Whether the eyebrows, left and right as an upright face has them in the image, are those of an upright face.</summary>
    public static bool IsUpright(Point2D leftBrow, Point2D rightBrow) => Math.Abs(Of(leftBrow, rightBrow)) <= Largest;

    /// <summary>The tilt in degrees, -180 to 180; positive clockwise.</summary>
    public static double Of(Point2D leftBrow, Point2D rightBrow) => double.RadiansToDegrees(Math.Atan2(rightBrow.Y - leftBrow.Y, rightBrow.X - leftBrow.X));
}

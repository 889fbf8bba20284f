using LatentSync.Imaging;

namespace LatentSync.Faces.MediaPipe;

/// <summary>The part of a frame the face mesh looks at.</summary>
/// <param name="Center">Its centre in pixels of the frame, from the frame's top left corner.</param>
/// <param name="Side">Its side in pixels of the frame.</param>
/// <param name="Angle">How far the face is turned clockwise, in radians.</param>
internal readonly record struct RotatedSquare(Point2D Center, double Side, double Angle)
{
    // How much larger than the face the square is; the mesh was trained with this margin.
    private const double Margin = 1.5;
    private const double MinimumSide = 4;
    private const double MaximumSide = 1 << 16;
    private const double MaximumDistance = 1 << 20;

    /// <summary>Whether the square is one that can be sampled: finite and of sane size.</summary>
    public bool IsUsable =>
        Side is >= MinimumSide and <= MaximumSide && double.IsFinite(Angle) && Math.Abs(Center.X) <= MaximumDistance && Math.Abs(Center.Y) <= MaximumDistance;

    /// <summary>Around a detected face, upright to the line through the eyes.</summary>
    public static RotatedSquare Around(FaceDetection face) =>
        new(
            face.Box.Center,
            Margin * Math.Max(face.Box.Width, face.Box.Height),
            Math.Atan2(face.RightEye.Y - face.LeftEye.Y, face.RightEye.X - face.LeftEye.X)
        );

    /// <summary>Around a face as it was a frame ago, upright to the line through its brows.</summary>
    public static RotatedSquare Around(FaceLandmarks face) =>
        new(
            face.Box.Center,
            Margin * Math.Max(face.Box.Width, face.Box.Height),
            Math.Atan2(face.RightBrow.Y - face.LeftBrow.Y, face.RightBrow.X - face.LeftBrow.X)
        );

    /// <summary>
    /// Around a mesh, upright to the line through the outer eye corners. The box is taken in the turned frame: an
    /// upright box would change with the angle and shake the next crop.
    /// </summary>
    public static RotatedSquare Around(ReadOnlySpan<Point2D> mesh)
    {
        var (left, right) = (mesh[FaceMeshLandmarks.LeftEyeOuterCorner], mesh[FaceMeshLandmarks.RightEyeOuterCorner]);
        var angle = Math.Atan2(right.Y - left.Y, right.X - left.X);
        var (sin, cos) = Math.SinCos(angle);
        Span<Point2D> turned = stackalloc Point2D[FaceMeshLandmarks.Count];
        for (var i = 0; i < turned.Length; i++)
        {
            turned[i] = Rotate(mesh[i], -sin, cos);
        }

        var box = FaceBox.Around(turned);
        return new RotatedSquare(Rotate(box.Center, sin, cos), Margin * Math.Max(box.Width, box.Height), angle);
    }

    /// <summary>Takes a point of the square, in units of its side from its centre, to the frame.</summary>
    public Point2D ToFrame(double x, double y)
    {
        var (sin, cos) = Math.SinCos(Angle);
        var turned = Rotate(new Point2D(x * Side, y * Side), sin, cos);
        return new Point2D(Center.X + turned.X, Center.Y + turned.Y);
    }

    private static Point2D Rotate(Point2D point, double sin, double cos) => new((cos * point.X) - (sin * point.Y), (sin * point.X) + (cos * point.Y));
}

using LatentSync.Imaging;

namespace LatentSync.Faces.MediaPipe;

/// <summary>Indices into MediaPipe's mesh of 468 points; left and right are those of the image.</summary>
internal static class FaceMeshLandmarks
{
    /// <summary>The number of points.</summary>
    public const int Count = 468;

    /// <summary>The outer corner of the eye on the left of the image.</summary>
    public const int LeftEyeOuterCorner = 33;

    /// <summary>The outer corner of the eye on the right of the image.</summary>
    public const int RightEyeOuterCorner = 263;

    private const int LeftEyeInnerCorner = 133;
    private const int RightEyeInnerCorner = 362;
    private const int NoseTip = 4;

    // The points that LatentSync 1.5's own mapping of the mesh to 68 landmarks uses for brows and nose.
    private static ReadOnlySpan<int> LeftBrow => [71, 63, 105, 66, 107];

    private static ReadOnlySpan<int> RightBrow => [336, 296, 334, 293, 301];

    private static ReadOnlySpan<int> Nose => [168, 197, 5, 4, 75, 97, 2, 326, 305];

    /// <summary>The middles of the eyes.</summary>
    public static (Point2D Left, Point2D Right) Eyes(ReadOnlySpan<Point2D> mesh) =>
        (Middle(mesh[LeftEyeOuterCorner], mesh[LeftEyeInnerCorner]), Middle(mesh[RightEyeOuterCorner], mesh[RightEyeInnerCorner]));

    /// <summary>Reduces a mesh in pixels of the frame to what alignment needs.</summary>
    /// <param name="mesh">468 points.</param>
    /// <param name="score">The mesh's score, 0 to 1.</param>
    /// <param name="round">Whether to round points and means to whole pixels, as the reference implementation does.</param>
    public static FaceLandmarks Reduce(ReadOnlySpan<Point2D> mesh, double score, bool round)
    {
        Span<Point2D> points = stackalloc Point2D[Count];
        for (var i = 0; i < Count; i++)
        {
            points[i] = round ? LandmarkMean.Round(mesh[i]) : mesh[i];
        }

        return new FaceLandmarks(
            FaceBox.Around(points),
            score,
            LandmarkMean.Of(points, LeftBrow, round),
            LandmarkMean.Of(points, RightBrow, round),
            LandmarkMean.Of(points, Nose, round),
            FaceTurn.Of(mesh[LeftEyeOuterCorner], mesh[RightEyeOuterCorner], mesh[NoseTip])
        );
    }

    private static Point2D Middle(Point2D a, Point2D b) => new((a.X + b.X) / 2, (a.Y + b.Y) / 2);
}

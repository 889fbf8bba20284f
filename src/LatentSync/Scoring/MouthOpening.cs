using LatentSync.Imaging;

namespace LatentSync.Scoring;

/// <summary>How far a mouth is open, from the 468 points of the face mesh.</summary>
internal static class MouthOpening
{
    private const int LeftEyeCorner = 33;
    private const int RightEyeCorner = 263;

    /// <summary>Points of the inner lips above each other: left of the middle, the middle, right of it.</summary>
    private static readonly (int Upper, int Lower)[] LipPairs = [(82, 87), (13, 14), (312, 317)];

    /// <summary>
    /// Mean gap between the inner lips over the distance between the outer eye corners, so that it does not depend on
    /// the size of the face. 0 closed, about 0.3 wide open.
    /// </summary>
    public static double Of(ReadOnlySpan<Point2D> mesh)
    {
        double gap = 0;
        foreach (var (upper, lower) in LipPairs)
        {
            gap += Distance(mesh[upper], mesh[lower]) / LipPairs.Length;
        }

        return gap / Distance(mesh[LeftEyeCorner], mesh[RightEyeCorner]);
    }

    private static double Distance(Point2D a, Point2D b) => Math.Sqrt(((a.X - b.X) * (a.X - b.X)) + ((a.Y - b.Y) * (a.Y - b.Y)));
}

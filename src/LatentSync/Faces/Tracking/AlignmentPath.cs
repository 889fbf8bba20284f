using LatentSync.Imaging;

namespace LatentSync.Faces.Tracking;

/// <summary>The way of a face between two frames in which it was seen.</summary>
internal static class AlignmentPath
{
    /// <summary>
    /// The alignment at a share of the way: the face's place moves in a straight line, its angle evenly and the shorter way
    /// round, its size by equal factors.
    /// </summary>
    /// <param name="from">Similarity from frame to crop at 0.</param>
    /// <param name="to">The same at 1.</param>
    /// <param name="share">0 to 1.</param>
    /// <param name="anchor">The point of the crop whose place moves in a straight line.</param>
    public static AffineTransform At(AffineTransform from, AffineTransform to, double share, Point2D anchor)
    {
        var (start, end) = (from.Invert().Apply(anchor), to.Invert().Apply(anchor));
        var place = new Point2D(Mix(start.X, end.X), Mix(start.Y, end.Y));
        var scale = Math.Exp(Mix(Math.Log(Scale(from)), Math.Log(Scale(to))));
        var angle = Angle(from) + (share * Math.IEEERemainder(Angle(to) - Angle(from), Math.Tau));
        var (sine, cosine) = Math.SinCos(angle);
        var (c, s) = (scale * cosine, scale * sine);
        return new AffineTransform(c, -s, anchor.X - ((c * place.X) - (s * place.Y)), s, c, anchor.Y - ((s * place.X) + (c * place.Y)));

        double Mix(double a, double b) => a + (share * (b - a));
    }

    private static double Scale(AffineTransform similarity) => Math.Sqrt((similarity.M11 * similarity.M11) + (similarity.M21 * similarity.M21));

    private static double Angle(AffineTransform similarity) => Math.Atan2(similarity.M21, similarity.M11);
}

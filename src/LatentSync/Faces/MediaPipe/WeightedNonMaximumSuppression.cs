using LatentSync.Imaging;

namespace LatentSync.Faces.MediaPipe;

/// <summary>
/// Merges overlapping detections: the best takes in all that overlap it, weighted by score, which makes boxes steadier
/// than dropping them (BlazeFace, arXiv 1907.05047, section 4).
/// </summary>
internal static class WeightedNonMaximumSuppression
{
    private const double MinimumOverlap = 0.3;

    /// <summary>Replaces the list by the merged faces, best first.</summary>
    public static void Apply(List<FaceDetection> faces)
    {
        faces.Sort(static (a, b) => b.Score.CompareTo(a.Score));
        for (var best = 0; best < faces.Count; best++)
        {
            var box = faces[best].Box;
            var (sum, weight, kept) = (Scale(faces[best], faces[best].Score), faces[best].Score, best + 1);
            for (var i = best + 1; i < faces.Count; i++)
            {
                var other = faces[i];
                if (box.Overlap(other.Box) >= MinimumOverlap)
                {
                    sum = Add(sum, Scale(other, other.Score));
                    weight += other.Score;
                }
                else
                {
                    faces[kept++] = other;
                }
            }

            faces.RemoveRange(kept, faces.Count - kept);
            faces[best] = Scale(sum, 1 / weight) with { Score = faces[best].Score };
        }
    }

    private static FaceDetection Scale(FaceDetection face, double factor) =>
        new(
            new FaceBox(face.Box.Left * factor, face.Box.Top * factor, face.Box.Right * factor, face.Box.Bottom * factor),
            new Point2D(face.LeftEye.X * factor, face.LeftEye.Y * factor),
            new Point2D(face.RightEye.X * factor, face.RightEye.Y * factor),
            face.Score
        );

    private static FaceDetection Add(FaceDetection a, FaceDetection b) =>
        new(
            new FaceBox(a.Box.Left + b.Box.Left, a.Box.Top + b.Box.Top, a.Box.Right + b.Box.Right, a.Box.Bottom + b.Box.Bottom),
            new Point2D(a.LeftEye.X + b.LeftEye.X, a.LeftEye.Y + b.LeftEye.Y),
            new Point2D(a.RightEye.X + b.RightEye.X, a.RightEye.Y + b.RightEye.Y),
            a.Score
        );
}

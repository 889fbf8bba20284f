namespace LatentSync.Faces.InsightFace;

/// <summary>Turns the outputs of SCRFD (arXiv 2105.04714) into faces.</summary>
internal static class ScrfdDecoder
{
    /// <summary>Anchors per cell.</summary>
    public const int AnchorsPerCell = 2;

    /// <summary>Distances per anchor: left, top, right, bottom.</summary>
    public const int BoxLength = 4;

    private const float MinimumScore = 0.5f;
    private const double MaximumOverlap = 0.4;

    /// <summary>Appends the faces of one stride that score at least 0.5.</summary>
    /// <param name="scores">One per anchor, 0 to 1; cell by cell, row by row, two anchors each.</param>
    /// <param name="distances">Four per anchor: how far the sides are from the cell's corner, in strides.</param>
    /// <param name="stride">Pixels of the input per cell.</param>
    /// <param name="size">The side of the input.</param>
    /// <param name="scale">Pixels of the input per pixel of the frame.</param>
    /// <param name="faces">Receives the faces, in pixels of the frame.</param>
    public static void Decode(ReadOnlySpan<float> scores, ReadOnlySpan<float> distances, int stride, int size, double scale, List<ScoredBox> faces)
    {
        var columns = size / stride;
        for (var i = 0; i < scores.Length; i++)
        {
            if (!(scores[i] >= MinimumScore))
            {
                continue;
            }

            var cell = i / AnchorsPerCell;
            double x = cell % columns * stride,
                y = cell / columns * stride;
            var sides = distances.Slice(i * BoxLength, BoxLength);
            var box = new FaceBox(
                (x - (sides[0] * stride)) / scale,
                (y - (sides[1] * stride)) / scale,
                (x + (sides[2] * stride)) / scale,
                (y + (sides[3] * stride)) / scale
            );
            if (double.IsFinite(box.Area))
            {
                faces.Add(new ScoredBox(box, scores[i]));
            }
        }
    }

    /// <summary>Greedy non-maximum suppression: leaves the best of faces that overlap by more than 0.4, best first.</summary>
    public static void Suppress(List<ScoredBox> faces)
    {
        faces.Sort(static (a, b) => b.Score.CompareTo(a.Score));
        for (var best = 0; best < faces.Count; best++)
        {
            var kept = best + 1;
            for (var i = best + 1; i < faces.Count; i++)
            {
                if (Overlap(faces[best].Box, faces[i].Box) <= MaximumOverlap)
                {
                    faces[kept++] = faces[i];
                }
            }

            faces.RemoveRange(kept, faces.Count - kept);
        }
    }

    /// <summary>Intersection over union of boxes whose right and bottom pixel belong to them, as the original counts.</summary>
    private static double Overlap(FaceBox a, FaceBox b)
    {
        var width = Math.Max(Math.Min(a.Right, b.Right) - Math.Max(a.Left, b.Left) + 1, 0);
        var height = Math.Max(Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Top, b.Top) + 1, 0);
        var common = width * height;
        return common / (((a.Width + 1) * (a.Height + 1)) + ((b.Width + 1) * (b.Height + 1)) - common);
    }
}

using LatentSync.Imaging;

namespace LatentSync.Faces.MediaPipe;

/// <summary>Turns BlazeFace's outputs into faces.</summary>
internal static class BlazeFaceDecoder
{
    private const double MinimumScore = 0.5;

    // sigmoid(0) is 0.5: comparing logits spares the exponential for nearly all anchors.
    private const float MinimumLogit = 0;

    /// <summary>Appends the faces of one head that score at least 0.5.</summary>
    /// <param name="logits">One per anchor.</param>
    /// <param name="regressors">Sixteen per anchor, in pixels of the input relative to the anchor's centre.</param>
    /// <param name="head">Cells per side and anchors per cell; anchors run cell by cell, row by row.</param>
    /// <param name="size">The side of the input.</param>
    /// <param name="box">Where the frame lies in the input.</param>
    /// <param name="faces">Receives the faces, in pixels of the frame.</param>
    public static void Decode(
        ReadOnlySpan<float> logits,
        ReadOnlySpan<float> regressors,
        (int Grid, int PerCell) head,
        int size,
        Letterbox box,
        List<FaceDetection> faces
    )
    {
        var cell = (double)size / head.Grid;
        for (var i = 0; i < logits.Length; i++)
        {
            if (!(logits[i] >= MinimumLogit))
            {
                continue;
            }

            var values = regressors.Slice(i * BlazeFaceVariant.RegressorLength, BlazeFaceVariant.RegressorLength);
            var index = i / head.PerCell;
            var anchor = new Point2D(((index % head.Grid) + 0.5) * cell, ((index / head.Grid) + 0.5) * cell);
            var face = Decode(values, anchor, Logistic.Sigmoid(logits[i]), box);
            if (face.Score >= MinimumScore && double.IsFinite(face.Box.Area) && face.Box.Area > 0)
            {
                faces.Add(face);
            }
        }
    }

    private static FaceDetection Decode(ReadOnlySpan<float> values, Point2D anchor, double score, Letterbox box)
    {
        var (x, y, halfWidth, halfHeight) = (anchor.X + values[0], anchor.Y + values[1], values[2] / 2, values[3] / 2);
        return new FaceDetection(
            new FaceBox(box.ToFrameX(x - halfWidth), box.ToFrameY(y - halfHeight), box.ToFrameX(x + halfWidth), box.ToFrameY(y + halfHeight)),
            new Point2D(box.ToFrameX(anchor.X + values[4]), box.ToFrameY(anchor.Y + values[5])),
            new Point2D(box.ToFrameX(anchor.X + values[6]), box.ToFrameY(anchor.Y + values[7])),
            score
        );
    }
}

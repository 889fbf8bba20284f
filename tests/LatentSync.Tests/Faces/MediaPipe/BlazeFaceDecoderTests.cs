using LatentSync.Faces;
using LatentSync.Faces.MediaPipe;
using LatentSync.Imaging;

namespace LatentSync.Tests.Faces.MediaPipe;

public class BlazeFaceDecoderTests
{
    private static readonly Letterbox Whole = new(0, 0, 256, 256, 1, 1);

    [Fact]
    public void Decode_PlacesFacesRelativeToTheirAnchor()
    {
        var faces = Decode(anchor: 12, logit: 2, [3, -4, 20, 40, -5, -6, 5, -7], (8, 6), new Letterbox(16, 0, 224, 256, 2, 2));

        // Anchor 12 of an 8x8 grid with six anchors each is the first of cell 2, whose centre is (80, 16).
        var face = Assert.Single(faces);
        Assert.Equal(new FaceBox((83 - 10 - 16) * 2, (12 - 20) * 2, (83 + 10 - 16) * 2, (12 + 20) * 2), face.Box);
        Assert.Equal(new Point2D((75 - 16) * 2, 10 * 2), face.LeftEye);
        Assert.Equal(new Point2D((85 - 16) * 2, 9 * 2), face.RightEye);
        Assert.Equal(1 / (1 + Math.Exp(-2)), face.Score, 1e-12);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-0.01f, 0)]
    [InlineData(float.NaN, 0)]
    [InlineData(1e30f, 1)]
    public void Decode_KeepsScoresFromOneHalf(float logit, int count) =>
        Assert.Equal(count, Decode(0, logit, [0, 0, 10, 10, 0, 0, 0, 0], (16, 2), Whole).Count);

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-10)]
    public void Decode_DropsBoxesWithoutArea(float width) => Assert.Empty(Decode(0, 5, [0, 0, width, 10, 0, 0, 0, 0], (16, 2), Whole));

    [Fact]
    public void Suppression_AveragesByScore()
    {
        List<FaceDetection> faces = [Face(0, 0.6), Face(100, 0.7), Face(1, 0.9)];
        WeightedNonMaximumSuppression.Apply(faces);

        Assert.Equal(2, faces.Count);
        Assert.Equal(((0 * 0.6) + (1 * 0.9)) / 1.5, faces[0].Box.Left, 1e-12);
        Assert.Equal(((4 * 0.6) + (5 * 0.9)) / 1.5, faces[0].LeftEye.X, 1e-12);
        Assert.Equal(0.9, faces[0].Score);
        Assert.Equal(100, faces[1].Box.Left, 1e-12);
    }

    [Fact]
    public void Suppression_OfNothing_IsNothing()
    {
        List<FaceDetection> faces = [];
        WeightedNonMaximumSuppression.Apply(faces);
        Assert.Empty(faces);
    }

    private static FaceDetection Face(double left, double score) =>
        new(new FaceBox(left, 0, left + 10, 10), new Point2D(left + 4, 4), new Point2D(left + 6, 4), score);

    private static List<FaceDetection> Decode(int anchor, float logit, float[] values, (int Grid, int PerCell) head, Letterbox box)
    {
        var count = head.Grid * head.Grid * head.PerCell;
        var (logits, regressors, faces) = (new float[count], new float[count * BlazeFaceVariant.RegressorLength], new List<FaceDetection>());
        Array.Fill(logits, -5);
        logits[anchor] = logit;
        values.CopyTo(regressors, anchor * BlazeFaceVariant.RegressorLength);
        BlazeFaceDecoder.Decode(logits, regressors, head, 256, box, faces);
        return faces;
    }
}

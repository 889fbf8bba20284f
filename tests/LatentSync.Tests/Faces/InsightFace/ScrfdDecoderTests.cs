using LatentSync.Faces;
using LatentSync.Faces.InsightFace;

namespace LatentSync.Tests.Faces.InsightFace;

public class ScrfdDecoderTests
{
    [Fact]
    public void Decode_MeasuresFromTheCornerOfTheCell()
    {
        var (scores, distances) = (new float[64 * 64 * 2], new float[64 * 64 * 2 * 4]);

        // Anchor 1 of the cell in column 3 of row 2.
        var anchor = (((2 * 64) + 3) * 2) + 1;
        scores[anchor] = 0.75f;
        new float[] { 1, 0.5f, 2, 4 }.CopyTo(distances, anchor * 4);
        scores[0] = 0.49f;
        scores[1] = float.NaN;

        var faces = new List<ScoredBox>();
        ScrfdDecoder.Decode(scores, distances, stride: 8, size: 512, scale: 0.5, faces);

        Assert.Equal([new ScoredBox(new FaceBox((24 - 8) * 2, (16 - 4) * 2, (24 + 16) * 2, (16 + 32) * 2), 0.75)], faces);
    }

    [Fact]
    public void Suppress_CountsTheLastPixelAndKeepsUpTo04()
    {
        // 10 pixels wide with the last: shifts of 4 overlap by 6/14 = 0.43, shifts of 5 by 5/15 = 0.33.
        List<ScoredBox> faces = [Box(5, 0.6), Box(0, 0.9), Box(4, 0.8)];
        ScrfdDecoder.Suppress(faces);
        Assert.Equal([Box(0, 0.9), Box(5, 0.6)], faces);
    }

    [Theory]
    [InlineData(1080, 1920, 288, 512)]
    [InlineData(1920, 1080, 512, 288)]
    [InlineData(333, 333, 512, 512)]
    [InlineData(100, 333, 153, 512)]
    [InlineData(9000, 2, 512, 1)]
    public void Fit_CutsTheShorterSide(int width, int height, int fitWidth, int fitHeight) =>
        Assert.Equal((fitWidth, fitHeight), ScrfdDetector.Fit(width, height));

    private static ScoredBox Box(double left, double score) => new(new FaceBox(left, 0, left + 9, 9), score);
}

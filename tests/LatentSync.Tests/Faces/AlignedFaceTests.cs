using LatentSync.Faces;
using LatentSync.Imaging;
using LatentSync.TestKit;

namespace LatentSync.Tests.Faces;

public class AlignedFaceTests
{
    /// <summary>The landmarks that the template has in the crop, 56 pixels to the right and 30 down in the frame.</summary>
    private static readonly FaceLandmarks Face = new(
        new FaceBox(0, 0, 100, 100),
        1,
        new Point2D(56 + (17 * 2.8), 30 + 56),
        new Point2D(56 + (58 * 2.8), 30 + 56),
        new Point2D(56 + 105, 30 + 112)
    );

    [Fact]
    public void Align_CutsTheFaceOutWhereItsLandmarksAre()
    {
        var frame = TestFrames.Landscape(400, 400);
        var expected = new RgbImage(256, 256);
        new FaceCropper(256).Crop(frame, AffineTransform.Identity.Translate(-56, -30), expected);
        var face = new AlignedFace(256).Align(frame, Face)!;
        Assert.Equal((256, 256), (face.Width, face.Height));

        // A millionth of a pixel off, a value may round to its neighbour.
        Assert.All(expected.Pixels.Zip(face.Pixels), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1));
    }

    [Fact]
    public void Align_WithoutAUsableFace_IsNull()
    {
        var aligned = new AlignedFace(256);
        var frame = new RgbImage(8, 8);
        Assert.Null(aligned.Align(frame, null));
        Assert.Null(aligned.Align(frame, Face with { LeftBrow = Face.Nose, RightBrow = Face.Nose }));
    }
}

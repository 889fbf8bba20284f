using LatentSync.Faces;
using LatentSync.Imaging;
using LatentSync.TestKit;

namespace LatentSync.ParityTests.Faces;

public class FaceCropperParityTests
{
    [Fact]
    public void Warp_OfTheFrame_MatchesTheReferenceCrop()
    {
        var frame = Png.Read(Golden.Path("align/frame0.png"));
        var expected = Golden.Picture("align/frame0_crop_420x560.png");
        var actual = new RgbImage(expected.Image.Width, expected.Image.Height);
        AffineWarp.Warp(frame, GoldenFace.Transform(Golden.Tensor("align/frame0_affine_512.npy").Span), actual, 127);
        ParityTable.Image("align/frame0_crop_420x560.png", actual, expected);
    }

    [Fact]
    public void Crop_MatchesTheReferenceFace()
    {
        var frame = Png.Read(Golden.Path("align/frame0.png"));
        var expected = Golden.Picture("align/frame0_face_512.png");
        var actual = new RgbImage(expected.Image.Width, expected.Image.Height);
        new FaceCropper(512).Crop(frame, GoldenFace.Transform(Golden.Tensor("align/frame0_affine_512.npy").Span), actual);
        ParityTable.Image("align/frame0_face_512.png", actual, expected);
    }
}

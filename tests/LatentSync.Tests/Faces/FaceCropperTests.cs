using LatentSync.Faces;
using LatentSync.Imaging;
using LatentSync.Tests.Imaging;

namespace LatentSync.Tests.Faces;

public class FaceCropperTests
{
    private const int Resolution = 64;

    [Fact]
    public void Crop_OfAFaceOutsideTheFrame_IsGrey()
    {
        var face = new RgbImage(Resolution, Resolution);
        new FaceCropper(Resolution).Crop(TestImage.Noise(40, 30, seed: 1), AffineTransform.Identity.Translate(500, 0), face);
        Assert.All(face.Pixels, value => Assert.Equal(127, value));
    }

    [Fact]
    public void Crop_OfAFaceHalfOutside_IsGreyThereOnly()
    {
        var face = new RgbImage(Resolution, Resolution);
        new FaceCropper(Resolution).Crop(new RgbImage(200, 200), AffineTransform.Identity.Translate(26, 0), face);
        Assert.Equal(127, face.Row(32)[0]);
        Assert.Equal(0, face.Row(32)[^1]);
    }

    [Fact]
    public void Crop_WhenTheFaceHasAnotherSize_Throws() =>
        Assert.Throws<ArgumentException>(() => new FaceCropper(Resolution).Crop(new RgbImage(40, 30), AffineTransform.Identity, new RgbImage(65, 64)));
}

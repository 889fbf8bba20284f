using LatentSync.Imaging;
using LatentSync.TestKit;

namespace LatentSync.ParityTests.Imaging;

public class LanczosResizerParityTests
{
    private const double BelowOneLevel = 0.5;

    [Fact]
    public void Resize_OfTheCrop_EqualsOpenCvBitForBit()
    {
        var crop = Png.Read(Golden.Path("align/frame0_crop_420x560.png"));
        var expected = Golden.Picture("align/frame0_face_512.png");
        var actual = new RgbImage(expected.Image.Width, expected.Image.Height);
        new LanczosResizer(crop.Width, crop.Height, actual.Width, actual.Height, RgbImage.Channels).Resize(crop.Pixels, actual.Pixels);
        ParityTable.MaxAbsolute(
            "imaging/lanczos 420x560 to 512x512",
            Array.ConvertAll(expected.Select(actual), v => (float)v),
            Array.ConvertAll(expected.Select(expected.Image), v => (float)v),
            BelowOneLevel
        );
    }
}

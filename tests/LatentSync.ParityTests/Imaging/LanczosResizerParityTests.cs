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
        var expected = Png.Read(Golden.Path("align/frame0_face_512.png"));
        var actual = new RgbImage(expected.Width, expected.Height);
        new LanczosResizer(crop.Width, crop.Height, actual.Width, actual.Height, RgbImage.Channels).Resize(crop.Pixels, actual.Pixels);
        ParityTable.MaxAbsolute("imaging/lanczos 420x560 to 512x512", Array.ConvertAll(actual.Pixels, v => (float)v), Array.ConvertAll(expected.Pixels, v => (float)v), BelowOneLevel);
    }
}

using LatentSync.Faces.InsightFace;
using LatentSync.Imaging;
using LatentSync.TestKit;

namespace LatentSync.Tests.Faces.InsightFace;

public class BilinearPlanesTests
{
    [Fact]
    public void Resize_ToTheSameSize_CopiesAndPads()
    {
        var frame = TestFrames.Noise(5, 3, seed: 1);
        var target = new float[3 * 64];
        new BilinearPlanes(InsightFaceChannelOrder.Rgb).Resize(frame, 5, 3, 8, PixelNormalization.Centered, target);

        Assert.Equal((frame.Row(2)[(4 * 3) + 1] - 127.5f) / 128, target[64 + (2 * 8) + 4]);
        Assert.Equal(-127.5f / 128, target[(2 * 8) + 5]);
        Assert.Equal(-127.5f / 128, target[3 * 8]);
    }

    [Fact]
    public void Resize_ToHalfTheWidth_InterpolatesAtPixelCentres()
    {
        var frame = new RgbImage(4, 1, [10, 0, 0, 20, 0, 0, 31, 0, 0, 40, 0, 0]);
        var target = new float[3 * 4];
        new BilinearPlanes(InsightFaceChannelOrder.Rgb).Resize(frame, 2, 1, 2, PixelNormalization.None, target);
        Assert.Equal([15, 36, 0, 0], target[..4]);
    }

    [Fact]
    public void Bgr_PutsBlueFirst()
    {
        var target = new float[3];
        new BilinearPlanes(InsightFaceChannelOrder.Bgr).Resize(new RgbImage(1, 1, [1, 2, 3]), 1, 1, 1, PixelNormalization.None, target);
        Assert.Equal([3, 2, 1], target);
    }

    [Fact]
    public void Crop_PutsTheCentreInTheMiddleAndBlackOutside()
    {
        var frame = TestFrames.Noise(20, 20, seed: 4);
        var target = new float[3 * 64];
        new BilinearPlanes(InsightFaceChannelOrder.Rgb).Crop(frame, new Point2D(2, 18), scale: 2, 8, PixelNormalization.None, target);

        Assert.Equal(frame.Row(18)[2 * 3], target[(4 * 8) + 4]);
        Assert.Equal(frame.Row(19)[3 * 3], target[(6 * 8) + 6]);
        Assert.Equal(Math.Round((frame.Row(18)[2 * 3] + frame.Row(18)[3 * 3]) / 2.0), target[(4 * 8) + 5]);
        new BilinearPlanes(InsightFaceChannelOrder.Rgb).Crop(frame, new Point2D(-100, 0), scale: 2, 8, PixelNormalization.None, target);
        Assert.All(target, value => Assert.Equal(0, value));
    }
}

using LatentSync.Imaging;

namespace LatentSync.Tests.Imaging;

public class CropSizeTests
{
    [Theory]
    [InlineData(64, 52, 70)]
    [InlineData(256, 210, 280)]
    [InlineData(512, 420, 560)]
    public void ForResolution_CutsFractionsOff(int resolution, int width, int height) =>
        Assert.Equal(new CropSize(width, height), CropSize.ForResolution(resolution));

    [Theory]
    [InlineData(0)]
    [InlineData(-256)]
    [InlineData(100_000)]
    public void ForResolution_OutOfRange_Throws(int resolution) => Assert.Throws<ArgumentOutOfRangeException>(() => CropSize.ForResolution(resolution));
}

using LatentSync.Imaging;
using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Imaging;

public class PngTests
{
    [Fact]
    public void Read_GivesBackWhatWriteWrote()
    {
        using var folder = new TemporaryFolder();
        var image = new RgbImage(13, 7);
        new Random(1).NextBytes(image.Pixels);
        Png.Write(folder.File("a.png"), image);
        var read = Png.Read(folder.File("a.png"));
        Assert.Equal((13, 7), (read.Width, read.Height));
        Assert.Equal(image.Pixels, read.Pixels);
    }
}

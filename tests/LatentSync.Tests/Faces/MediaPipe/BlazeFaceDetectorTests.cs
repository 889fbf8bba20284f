using LatentSync.Faces.MediaPipe;

namespace LatentSync.Tests.Faces.MediaPipe;

public class BlazeFaceDetectorTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Detect_GivesFacesInPixelsOfTheFrame(bool isFallback)
    {
        using var models = new MadeUpFaceModels();
        using var detector = (isFallback ? models.SeeSecond(100, 128, 40) : models.See(100, 128, 40)).Detector(isFallback);

        // Half as large, and as high as the middle half of the square that the network sees.
        var face = Assert.Single(detector.Detect(MadeUpFaceModels.FrameOf(512, 256, (200, 128))));
        Assert.Equal(80, face.Box.Height, 1e-3);
        Assert.Equal(62.5, face.Box.Width, 1e-3);
        Assert.Equal(200, face.Box.Center.X, 1e-3);
        Assert.Equal(128, face.Box.Center.Y, 1e-3);
        Assert.Equal(25, face.RightEye.X - face.LeftEye.X, 1e-3);
        Assert.Equal(1 / (1 + Math.Exp(-5)), face.Score, 1e-4);
    }

    [Fact]
    public void Detect_ForgetsTheFacesOfTheFrameBefore()
    {
        using var models = new MadeUpFaceModels();
        using var detector = models.See(60, 128, 80).See(190, 128, 80).Detector();
        Assert.Equal(2, detector.Detect(MadeUpFaceModels.Frame((60, 128), (190, 128))).Count);
        Assert.Equal(190, Assert.Single(detector.Detect(MadeUpFaceModels.Frame((190, 128)))).Box.Center.X, 1e-3);
        Assert.Empty(detector.Detect(MadeUpFaceModels.Frame()));
    }

    [Fact]
    public void TheVariants_HaveTheOutputsOfTheirNetworks()
    {
        Assert.Equal((512, 384), (BlazeFaceVariant.Back.AnchorCount(0), BlazeFaceVariant.Back.AnchorCount(1)));
        Assert.Equal(2304, BlazeFaceVariant.FullRange.AnchorCount(0));
        Assert.Equal([1, 256, 256, 3], BlazeFaceVariant.Back.InputShape);
        Assert.Equal([1, 3, 192, 192], BlazeFaceVariant.FullRange.InputShape);
        Assert.Equal(
            ["Identity:0 1 512 1", "Identity_1:0 1 384 1", "Identity_2:0 1 512 16", "Identity_3:0 1 384 16"],
            BlazeFaceVariant.Back.NamedOutputs().Select(output => output.Name + " " + string.Join(' ', output.Shape))
        );
    }
}

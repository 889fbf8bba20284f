using LatentSync.Faces.MediaPipe;

namespace LatentSync.Tests.Faces.MediaPipe;

public class LetterboxTests
{
    [Theory]
    [InlineData(1920, 1080, 0, 56, 256, 144)]
    [InlineData(1080, 1920, 56, 0, 144, 256)]
    [InlineData(128, 64, 0, 64, 256, 128)]
    [InlineData(256, 256, 0, 0, 256, 256)]
    [InlineData(10_000, 3, 0, 127, 256, 1)]
    public void Fit_CentresTheWholeFrame(int width, int height, int x, int y, int fitWidth, int fitHeight)
    {
        var box = Letterbox.Fit(width, height, 256);
        Assert.Equal((x, y, fitWidth, fitHeight), (box.X, box.Y, box.Width, box.Height));
        Assert.Equal((0, 0), (box.ToFrameX(x), box.ToFrameY(y)));
        Assert.Equal(width, box.ToFrameX(x + fitWidth), 1e-9);
        Assert.Equal(height, box.ToFrameY(y + fitHeight), 1e-9);
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(2, 0.880797)]
    [InlineData(-2, 0.119203)]
    [InlineData(1e30, 1)]
    [InlineData(double.NegativeInfinity, 0)]
    public void Logistic_IsTheSigmoid_OfAnyNumber(double logit, double expected) => Assert.Equal(expected, Logistic.Sigmoid(logit), 1e-6);
}

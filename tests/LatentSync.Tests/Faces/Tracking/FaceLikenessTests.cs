using LatentSync.Faces;
using LatentSync.Faces.Tracking;
using LatentSync.Imaging;
using LatentSync.TestKit;

namespace LatentSync.Tests.Faces.Tracking;

/// <summary>Faces are soft random pictures here: what counts is what of the picture is compared.</summary>
public class FaceLikenessTests
{
    private const int Left = 60;
    private const int Top = 20;

    /// <summary>The landmarks of the template at 128 px, in a frame in which the crop begins at a place.</summary>
    private static readonly FaceLandmarks Face = At(Left, Top, 1);

    private static readonly RgbImage Anna = new MovingScene(1).Frame();

    [Fact]
    public void TheSamePicture_IsAlike() => Assert.Equal(1, FaceLikeness.Of(Anna, Face, 1).To(Anna, Face), 1e-3);

    [Fact]
    public void AnotherPicture_IsNot()
    {
        var anna = FaceLikeness.Of(Anna, Face, 1);
        for (var seed = 2; seed < 12; seed++)
        {
            Assert.InRange(anna.To(new MovingScene(seed).Frame(), Face), 0, FaceLikeness.Alike);
        }
    }

    [Theory]
    [InlineData(0.7, 0)]
    [InlineData(1, 30)]
    [InlineData(0.8, 20)]
    public void LightAndContrast_HardlyMatter(double gain, double offset) =>
        Assert.InRange(FaceLikeness.Of(Anna, Face, 1).To(new MovingScene(1).Frame(0, gain, offset), Face), 0.85, 1);

    /// <summary>Mouth and chin move: below the nose only the colours count.</summary>
    [Fact]
    public void WhatIsBelowTheNose_CountsLess_ThanWhatIsAbove()
    {
        var likeness = FaceLikeness.Of(Anna, Face, 1);
        var (crop, stranger) = (CropSize.ForResolution(128), new MovingScene(5).Frame());
        var border = Top + (int)(crop.Height * 22 / 32.0);
        Assert.InRange(likeness.To(Mixed(Anna, stranger, border + 24), Face), 0.85, 1);
        Assert.InRange(likeness.To(Mixed(stranger, Anna, border), Face), 0, FaceLikeness.Alike);
    }

    [Fact]
    public void Colours_Count()
    {
        var likeness = FaceLikeness.Of(Anna, Face, 1);
        var swapped = new RgbImage(Anna.Width, Anna.Height);
        for (var i = 0; i < Anna.Pixels.Length; i += RgbImage.Channels)
        {
            // The same grey, red and blue exchanged.
            (swapped.Pixels[i], swapped.Pixels[i + 1], swapped.Pixels[i + 2]) = (Anna.Pixels[i + 2], Anna.Pixels[i + 1], Anna.Pixels[i]);
        }

        Assert.InRange(likeness.To(swapped, Face), 0.59, 0.95);
    }

    /// <summary>Of a flat picture only the colours can be compared, and those of grey are the same however bright.</summary>
    [Fact]
    public void AFlatPicture_IsComparedByItsColours()
    {
        var grey = FaceLikeness.Of(TestFrames.Flat(320, 180, 100), Face, 1);
        Assert.Equal(0.4, grey.To(TestFrames.Flat(320, 180, 200), Face), 1e-3);
    }

    [Fact]
    public void Frames_MayHaveOblongPixels()
    {
        // Every second column of the picture: pixels twice as wide as high.
        var squeezed = new RgbImage(Anna.Width / 2, Anna.Height);
        for (var y = 0; y < squeezed.Height; y++)
        {
            for (var x = 0; x < squeezed.Width; x++)
            {
                Anna.Row(y).Slice(2 * x * RgbImage.Channels, RgbImage.Channels).CopyTo(squeezed.Row(y)[(x * RgbImage.Channels)..]);
            }
        }

        Assert.InRange(FaceLikeness.Of(Anna, Face, pixelAspect: 2).To(squeezed, At(Left / 2.0, Top, 0.5)), 0.9, 1);
    }

    [Fact]
    public void AFaceWhosePointsCoincide_IsLikeNobody()
    {
        var bad = Face with { LeftBrow = Face.Nose, RightBrow = Face.Nose };
        Assert.Equal(0, FaceLikeness.Of(Anna, Face, 1).To(Anna, bad));
        Assert.Throws<ArgumentException>(() => FaceLikeness.Of(Anna, bad, 1));
    }

    private static FaceLandmarks At(double left, double top, double width)
    {
        var scale = CropSize.PixelsPerUnit(128);
        return new FaceLandmarks(default, 1, Point(17, 20), Point(58, 20), Point(37.5, 40));

        Point2D Point(double x, double y) => new(left + (x * scale * width), top + (y * scale));
    }

    private static RgbImage Mixed(RgbImage above, RgbImage below, int border)
    {
        var mixed = new RgbImage(above.Width, above.Height);
        for (var y = 0; y < above.Height; y++)
        {
            (y < border ? above : below).Row(y).CopyTo(mixed.Row(y));
        }

        return mixed;
    }
}

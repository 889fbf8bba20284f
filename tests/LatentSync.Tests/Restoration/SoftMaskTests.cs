using LatentSync.Imaging;
using LatentSync.Restoration;

namespace LatentSync.Tests.Restoration;

public class SoftMaskTests
{
    private static readonly CropSize Size = CropSize.ForResolution(64);
    private static readonly FrameBorders Inside = new(false, false, false, false);

    /// <summary>The mask of a region is the part of the whole frame's.</summary>
    [Fact]
    public void ARegion_HasTheSameMaskAsTheWholeFrame()
    {
        var alignment = AffineTransform.Identity.Translate(-20, -20);
        var (whole, part) = (new SoftMask(), new SoftMask());
        whole.Build(Size, alignment, new PixelRectangle(0, 0, 100, 120), new FrameBorders(true, true, true, true));
        part.Build(Size, alignment, new PixelRectangle(15, 14, 80, 96), Inside);
        for (var y = 14; y < 96; y++)
        {
            Assert.Equal(whole.Soft(y)[15..80].ToArray(), part.Soft(y - 14).ToArray());
            Assert.Equal(whole.Eroded(y)[15..80].ToArray(), part.Eroded(y - 14).ToArray());
        }
    }

    [Fact]
    public void TheMask_IsOneInTheMiddle_AndFadesOverATwentiethOfTheSide()
    {
        var mask = new SoftMask();
        mask.Build(Size, AffineTransform.Identity.Translate(-20, -20), new PixelRectangle(0, 0, 100, 120), Inside);
        var (soft, eroded) = (mask.Soft(55).ToArray(), mask.Eroded(55).ToArray());
        Assert.Equal((1f, 1f), (soft[46], eroded[46]));
        Assert.Equal((0f, 0f), (soft[10], eroded[10]));

        // 52 x 70 pixels, a little less once eroded, are a square of 59, whose twentieth is 2: eroded by it, then blurred.
        Assert.Equal(52, eroded.Sum(), 1.5);
        Assert.Equal(52 - 4, soft.Sum(), 1.5);
        Assert.InRange(soft[20], 0, 0.05);
        Assert.InRange(soft[23], 0.3, 0.7);
        Assert.InRange(soft[28], 0.99, 1);
    }

    [Fact]
    public void ASmallFace_HasNoSoftEdge()
    {
        // A tenth as large in the frame: 5 x 7 pixels.
        var mask = new SoftMask();
        mask.Build(Size, new AffineTransform(10, 0, -200, 0, 10, -200), new PixelRectangle(10, 10, 40, 40), Inside);
        for (var y = 0; y < 30; y++)
        {
            Assert.Equal(mask.Eroded(y).ToArray(), mask.Soft(y).ToArray());
        }
    }

    [Theory]
    [InlineData(0, 0, 100, 80, true, true, true, true)]
    [InlineData(1, 0, 100, 80, false, true, true, true)]
    [InlineData(0, 2, 99, 80, true, false, false, true)]
    [InlineData(0, 0, 100, 79, true, true, true, false)]
    public void Borders_AreTheSidesOfTheFrame(int left, int top, int right, int bottom, bool isLeft, bool isTop, bool isRight, bool isBottom) =>
        Assert.Equal(new FrameBorders(isLeft, isTop, isRight, isBottom), FrameBorders.Of(new PixelRectangle(left, top, right, bottom), 100, 80));
}

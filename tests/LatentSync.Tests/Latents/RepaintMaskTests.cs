using LatentSync.Latents;

namespace LatentSync.Tests.Latents;

public class RepaintMaskTests
{
    [Theory]
    [InlineData(94, 100, 1)]
    [InlineData(95, 8, 1)]
    [InlineData(95, 9, 0)]
    [InlineData(127, 78, 1)]
    [InlineData(127, 177, 1)]
    [InlineData(127, 178, 0)]
    [InlineData(128, 100, 0)]
    [InlineData(134, 247, 0)]
    [InlineData(242, 131, 0)]
    [InlineData(242, 153, 1)]
    [InlineData(243, 140, 1)]
    public void Pixels_At256_AreTheFixedShape(int row, int column, float expected) => Assert.Equal(expected, new RepaintMask(256).Pixels[(row * 256) + column]);

    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(384)]
    public void Mask_AtAnyResolution_KeepsTheShareOfTheFace(int resolution)
    {
        var mask = new RepaintMask(resolution);
        Assert.Equal(new RepaintMask(256).Pixels.Average(), mask.Pixels.Average(), 0.01);
        Assert.Equal(resolution / 8 * (resolution / 8), mask.Latents.Length);
        Assert.Equal(mask.Pixels[(8 * 3 * resolution) + 40], mask.Latents[(3 * (resolution / 8)) + 5]);
        Assert.All(mask.Pixels, value => Assert.InRange(value, 0, 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(-8)]
    public void Constructor_WhenResolutionIsNotAMultipleOfEight_Throws(int resolution) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RepaintMask(resolution));
}

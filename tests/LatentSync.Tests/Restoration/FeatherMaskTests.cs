using LatentSync.Latents;
using LatentSync.Restoration;

namespace LatentSync.Tests.Restoration;

public class FeatherMaskTests
{
    private const int Resolution = 128;

    [Fact]
    public void Weights_AreZeroOnKeptPixelsAndTheRimAndOneDeepInside()
    {
        var mask = new RepaintMask(Resolution).Pixels;
        var feather = new FeatherMask(mask, Resolution);
        for (var y = 1; y < Resolution - 1; y++)
        {
            for (var x = 1; x < Resolution - 1; x++)
            {
                var i = (y * Resolution) + x;
                var nearKept = new[] { i, i - 1, i + 1, i - Resolution, i + Resolution }.Any(j => mask[j] >= 0.5f);
                Assert.True(!nearKept || feather.Weights[i] == 0, FormattableString.Invariant($"row {y}, column {x}"));
            }
        }

        Assert.Equal(1, feather.Weights[(88 * Resolution) + 64]);
        Assert.All(feather.Weights, weight => Assert.InRange(weight, 0, 1));
    }

    [Fact]
    public void Weights_OfAFullyPaintedSquare_FadeAtItsSides()
    {
        var feather = new FeatherMask(new float[Resolution * Resolution], Resolution);
        Assert.Equal(0, feather.Weights[0]);
        Assert.Equal(0, feather.Weights[(64 * Resolution) + 127]);
        Assert.Equal(1, feather.Weights[(64 * Resolution) + 64]);
    }

    [Fact]
    public void Bounds_WhenNothingIsPainted_AreEmpty() =>
        Assert.True(new FeatherMask(Enumerable.Repeat(1f, Resolution * Resolution).ToArray(), Resolution).Bounds.IsEmpty);

    [Fact]
    public void Constructor_WhenTheMaskHasAnotherSize_Throws() => Assert.Throws<ArgumentException>(() => new FeatherMask(new float[10], Resolution));
}

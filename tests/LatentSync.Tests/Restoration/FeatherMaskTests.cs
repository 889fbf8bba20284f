using LatentSync.Imaging;
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

    /// <summary>Against a twin that measures the way to every kept pixel, also of those around the square.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Weights_RiseWithTheDistanceToWhatIsKept(int seed)
    {
        const int side = 64;
        var random = new Random(seed);
        var mask = new float[side * side];
        for (var i = 0; i < 6; i++)
        {
            mask[random.Next(mask.Length)] = 0.5f + random.NextSingle();
        }

        var feather = new FeatherMask(mask, side);
        var size = CropSize.ForResolution(side);
        var (wide, high) = ((double)size.Width / side, (double)size.Height / side);
        var kept = (from y in Enumerable.Range(-1, side + 2) from x in Enumerable.Range(-1, side + 2) where IsKept(x, y) select (x, y)).ToList();
        var (left, top, right, bottom) = (side, side, 0, 0);
        for (var i = 0; i < mask.Length; i++)
        {
            var (x, y) = (i % side, i / side);
            var nearest = kept.Min(other => Math.Sqrt(Math.Pow((other.x - x) * wide, 2) + Math.Pow((other.y - y) * high, 2)));

            // A pixel from the nearest kept one the edge begins, which is eight hundredths of the crop wide.
            var share = Math.Clamp((nearest - Math.Max(wide, high)) / (0.08 * size.Width), 0, 1);
            var expected = IsKept(x, y) ? 0 : (3 * share * share) - (2 * share * share * share);
            Assert.Equal(expected, feather.Weights[i], 1e-5);
            if (expected > 0)
            {
                (left, top, right, bottom) = (Math.Min(left, x - 1), Math.Min(top, y - 1), Math.Max(right, x + 2), Math.Max(bottom, y + 2));
            }
        }

        Assert.Equal(new PixelRectangle(left, top, right, bottom), feather.Bounds);

        bool IsKept(int x, int y) => x < 0 || y < 0 || x >= side || y >= side || mask[(y * side) + x] >= 0.5f;
    }
}

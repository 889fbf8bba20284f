using LatentSync.Restoration;

namespace LatentSync.Tests.Restoration;

public class GridBlurTests
{
    private const int Side = 13;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(9)]
    public void Values_AreMeansAndMaximaOfTheirSquares(int radius)
    {
        var random = new Random(radius);
        var plane = Enumerable.Range(0, Side * Side).Select(_ => random.NextSingle()).ToArray();
        float[] mean = [.. plane];
        float[] largest = [.. plane];
        new GridBlur(Side).Mean(mean, radius, passes: 1);
        new GridBlur(Side).Largest(largest, radius);
        for (var i = 0; i < plane.Length; i++)
        {
            var square = Square(plane, i % Side, i / Side, radius).ToList();
            Assert.Equal(square.Average(), mean[i], 1e-5);
            Assert.Equal(square.Max(), largest[i]);
        }
    }

    [Fact]
    public void Passes_AreOneAfterTheOther()
    {
        var plane = Enumerable.Range(0, Side * Side).Select(i => (float)(i * i % 17)).ToArray();
        float[] once = [.. plane];
        new GridBlur(Side).Mean(plane, 2, passes: 2);
        new GridBlur(Side).Mean(once, 2, passes: 1);
        new GridBlur(Side).Mean(once, 2, passes: 1);
        Assert.Equal(once, plane);
    }

    private static IEnumerable<float> Square(float[] plane, int x, int y, int radius) =>
        from down in Enumerable.Range(y - radius, (2 * radius) + 1)
        from across in Enumerable.Range(x - radius, (2 * radius) + 1)
        select plane[(Math.Clamp(down, 0, Side - 1) * Side) + Math.Clamp(across, 0, Side - 1)];
}

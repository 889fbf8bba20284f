using LatentSync.Imaging;
using LatentSync.Restoration;

namespace LatentSync.Tests.Restoration;

public class CubicWindowTests
{
    [Theory]
    [InlineData(0.5, 8)]
    [InlineData(1, 1)]
    [InlineData(2.7, 8)]
    [InlineData(2.7, 1)]
    [InlineData(500, 8)]
    public void Weights_FollowTheKernel(double scale, int multiple)
    {
        const int Length = 64;
        var window = new CubicWindow(Length, multiple);
        window.SetScale(scale);
        var widening = Math.Max(scale, 1);
        foreach (var position in new[] { -0.9, 0, 0.4, 17.25, 31, 62.5, 63.9 })
        {
            window.MoveTo(position);
            var kernel = Enumerable.Range(0, Length).Select(i => CubicKernel.Evaluate((i - position) / widening)).ToArray();
            var sum = kernel.Sum();
            Assert.InRange(window.First + window.Weights.Length, 0, Length);
            for (var i = 0; i < Length; i++)
            {
                var inside = i >= window.First && i < window.First + window.Weights.Length;
                Assert.Equal(kernel[i] / sum, inside ? window.Weights[i - window.First] : 0, 1e-5);
            }
        }
    }

    [Fact]
    public void Constructor_WhenTheMultipleDoesNotDivideTheLength_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new CubicWindow(60, 8));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-8, 8)]
    [InlineData(8, 0)]
    [InlineData(8, -8)]
    public void Constructor_WithoutALength_Throws(int length, int multiple) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new CubicWindow(length, multiple));

    /// <summary>A window is as short as the kernel allows: longer ones would cost time.</summary>
    [Theory]
    [InlineData(1, 1, 4)]
    [InlineData(1, 8, 8)]
    [InlineData(0.2, 1, 4)]
    [InlineData(2, 1, 8)]
    [InlineData(2.1, 1, 9)]
    [InlineData(2.1, 8, 16)]
    [InlineData(100, 8, 64)]
    public void TheNumberOfWeights_IsThatOfTheKernel(double scale, int multiple, int expected)
    {
        var window = new CubicWindow(64, multiple);
        window.SetScale(scale);
        window.MoveTo(30.5);
        Assert.Equal(expected, window.Weights.Length);
        Assert.Equal(1, window.Weights.ToArray().Sum(), 1e-5);
    }
}

using LatentSync.Imaging;

namespace LatentSync.Tests.Imaging;

public class LanczosTapsTests
{
    [Fact]
    public void Weights_FollowTheKernelFormula()
    {
        var taps = new LanczosTaps(100, 73, 73);
        for (var i = 0; i < 73; i++)
        {
            var position = ((i + 0.5) * 100 / 73) - 0.5;
            var kernel = Enumerable.Range(0, 8).Select(tap => Lanczos(position - (taps.Base[i] - 3 + tap))).ToArray();
            for (var tap = 0; tap < 8; tap++)
            {
                Assert.InRange(taps.Weights[(i * 8) + tap] - (kernel[tap] / kernel.Sum() * 2048), -0.51, 0.51);
            }
        }
    }

    [Fact]
    public void Weights_OnAPixel_TakeThatPixelAlone() => Assert.Equal([0, 0, 0, 2048, 0, 0, 0, 0], new LanczosTaps(4, 4, 4).Weights[..8]);

    private static double Lanczos(double d) => d == 0 ? 1 : 4 * Math.Sin(Math.PI * d) * Math.Sin(Math.PI * d / 4) / (Math.PI * Math.PI * d * d);
}

using LatentSync.GpuBenchmarks;

namespace LatentSync.ParityTests.Devices;

[Collection(OneDevice.Name)]
public sealed class CardLimitTests
{
    // From a slow computer to ten of the fastest cards of today.
    private const double Slowest = 1e-3;
    private const double Fastest = 1e5;

    [Fact]
    public void Measure_IsASpeedThatDevicesHave()
    {
        using var runtime = TestDevice.Open();

        Assert.InRange(CardLimit.MeasureTeraFlops(runtime, largestSide: 512), Slowest, Fastest);
        Assert.Equal(0, runtime.Arena.InUse);
    }
}

using LatentSync.Backends.Cuda.Memory;
using LatentSync.GpuBenchmarks;

namespace LatentSync.ParityTests.Devices;

public sealed class CardLimitTests
{
    [Fact]
    public void LargestMatrices_FitIntoHalfOfTheFreeMemory()
    {
        Assert.Equal(CardLimit.LargestSide, CardLimit.SideFor(80L << 30, DeviceDataType.Float16));
        Assert.Equal(CardLimit.LargestSide / 2, CardLimit.SideFor(700L << 20, DeviceDataType.Float16));
    }

    [Fact]
    public void Measure_IsASpeedThatDevicesHave()
    {
        // From the twin on a slow computer to ten of the fastest cards of today.
        const double Slowest = 1e-6;
        const double Fastest = 1e5;
        using var device = new TestDevice(new SyntheticWeights());
        Assert.InRange(CardLimit.MeasureTeraFlops(device.Player, 64), Slowest, Fastest);
    }
}

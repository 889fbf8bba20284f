using LatentSync.Backends.Cuda.OnnxRuntime;

namespace LatentSync.Tests.Backends.Cuda.OnnxRuntime;

public sealed class WeightStoreTests
{
    [Theory]
    [InlineData(50, 2, 50, 3)] // all stay
    [InlineData(49, 2, 40, 0)] // with the first one it would take 10 + 2 x 20
    [InlineData(0, 2, 40, 0)]
    [InlineData(49, 1, 30, 1)] // the first stays, the others share one place
    [InlineData(0, 1, 20, 0)]
    public void Layout_KeepsTheFirstBlocksThatFit(long resident, int places, long bytes, int count) =>
        Assert.Equal((bytes, count), WeightStore.Layout([10, 20, 20], resident, places));
}

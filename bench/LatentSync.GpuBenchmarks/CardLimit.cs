using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.OnnxRuntime;
using LatentSync.Backends.Cuda.Runtime;

namespace LatentSync.GpuBenchmarks;

/// <summary>How fast a card multiplies large matrices, measured: what the networks' speed is a share of.</summary>
internal static class CardLimit
{
    /// <summary>Large enough for every card of today to be busy.</summary>
    public const int LargestSide = 8192;

    private const int Runs = 21;
    private const int Matrices = 3;
    private const double OperationsPerMillisecond = 1e9;

    /// <summary>10^12 floating-point operations per second of a product of two square matrices, the median of several.</summary>
    /// <param name="runtime">The card.</param>
    /// <param name="largestSide">Rows and columns; less where half of the free memory is too small for it.</param>
    /// <exception cref="DeviceMemoryException">The card has no room for the matrices.</exception>
    public static double MeasureTeraFlops(DeviceRuntime runtime, int largestSide = LargestSide)
    {
        var side = largestSide;
        while (side > 1 && (long)Matrices * side * side * runtime.Type.Size() > runtime.Device.Memory.Free / 2)
        {
            side /= 2;
        }

        using var network = new DeviceNetwork(runtime, NoWeights.Instance);
        var product = network.Piece("product", writer =>
        {
            var (rows, columns) = (writer.Input("left", runtime.Type, side, side), writer.Input("right", runtime.Type, side, side));
            writer.Output("result", writer.Graph.Node("Gemm", [side, side], [rows, columns], [("transB", 1)]), runtime.Type);
            return writer.Build();
        });
        var random = new Random(side);
        using var left = RandomTensor.Create(runtime, random, side, side);
        using var right = RandomTensor.Create(runtime, random, side, side);
        using var result = new OwnedDeviceTensor(runtime.Arena, runtime.Type, side, side);
        using var clock = new DeviceClock(runtime.Device);
        return 2.0
            * side
            * side
            * side
            / clock.Median(Runs, () => product.Run([("left", left), ("right", right)], ("result", result)))
            / OperationsPerMillisecond;
    }
}

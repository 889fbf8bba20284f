using LatentSync.Backends.Cuda.Execution;
using LatentSync.Backends.Cuda.Libraries;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.Runtime;
using LatentSync.Files;

namespace LatentSync.CudaTrial;

/// <summary>The first card, and where to look for what it needs.</summary>
internal sealed class Trial : IDisposable
{
    private readonly CudaSearch _search = CudaSearch.OfThisProcess();

    /// <summary>The card.</summary>
    public CudaDevice Device { get; } = new(0);

    /// <summary>Relative error: |actual - expected| / |expected|; not a number if anything is.</summary>
    public static double Error(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected)
    {
        double difference = 0,
            norm = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            var delta = (double)actual[i] - expected[i];
            difference += delta * delta;
            norm += (double)expected[i] * expected[i];
        }

        return Math.Sqrt(difference / norm);
    }

    /// <summary>Makes a player on the card.</summary>
    public CudaPlayer Open(IWeightReader weights, DeviceDataType type) =>
        new(Device, weights, type, _search.FindToolkit, Path.Combine(UserFolder.Find(Environment.GetEnvironmentVariable), "cuda-cache"));

    public void Dispose() => Device.Dispose();
}

using LatentSync.Backends.Cuda.Model;
using LatentSync.Checkpoints.Config;

namespace LatentSync.GpuBenchmarks;

/// <summary>The full-size networks with made-up weights, for measuring without a download.</summary>
internal static class SyntheticNetworks
{
    private const int TinyLayers = 5;
    private const int RowsPerFrame = 10;
    private const int TinyWidth = 384;

    /// <summary>The networks of LatentSync 1.5 and 1.6, which differ in nothing but the resolution.</summary>
    /// <param name="resolution">Width and height of the faces.</param>
    public static DeviceModelParts Create(int resolution)
    {
        var config = UNetConfig.Public(crossAttentionDim: TinyWidth);
        return new DeviceModelParts(config, new SyntheticWeights(), VaeConfig.StableDiffusion, new SyntheticWeights(), resolution, RowsPerFrame * TinyLayers);
    }
}

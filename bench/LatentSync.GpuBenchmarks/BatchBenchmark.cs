using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.Model;
using LatentSync.Backends.Cuda.OnnxRuntime;
using LatentSync.Backends.Cuda.Runtime;
using LatentSync.Tensors;

namespace LatentSync.GpuBenchmarks;

/// <summary>What is gained by several clips in one batch: times of the UNet's two kinds of steps.</summary>
internal sealed class BatchBenchmark(DeviceRuntime runtime, DeviceModelParts parts, int frames)
{
    private const int Runs = 5;
    private const int AnyTimestep = 501;

    /// <summary>Runs batches of so many clips, each without and with audio.</summary>
    /// <param name="clips">Clips together.</param>
    /// <exception cref="DeviceMemoryException">The card has too little memory.</exception>
    public GpuBatchRow Run(int clips)
    {
        var size = parts.Resolution / LatentShape.PixelsPerLatent;
        using var unet = new DeviceUNet(runtime, parts.UNetConfig, parts.UNetWeights, size, parts.AudioTokens, new UNetPlan());
        unet.Load(frames, guided: true, CancellationToken.None);
        unet.Prepare([AnyTimestep]);
        var random = new Random(1);
        using var sample = RandomTensor.Create(runtime, random, 2 * clips * frames, size, size, SamplerGraphs.SampleChannels);
        using var audio = RandomTensor.Create(runtime, random, clips * frames, parts.AudioTokens, parts.UNetConfig.CrossAttentionDim);
        using var prediction = new OwnedDeviceTensor(runtime.Arena, runtime.Type, 2 * clips * frames, size, size, LatentShape.Channels);
        using var clock = new DeviceClock(runtime.Device);
        var run = new UNetRun(2 * clips, frames, clips, 0, audio);
        runtime.Arena.ResetPeak();
        OwnedDeviceTensor? feature = null;
        try
        {
            var deep = clock.Median(Runs, () =>
            {
                feature?.Dispose();
                feature = unet.DeepFeature(sample, run);
            });
            var head = clock.Median(Runs, () => unet.PredictNoise(sample, feature!, run, prediction));
            return new GpuBatchRow
            {
                Clips = clips,
                FullStepMilliseconds = (deep + head) / (clips * frames),
                CachedStepMilliseconds = head / (clips * frames),
                ArenaBytes = runtime.Arena.Peak,
            };
        }
        finally
        {
            feature?.Dispose();
        }
    }
}

using LatentSync.Backends.Cuda.Model;
using LatentSync.Backends.Cuda.OnnxRuntime;
using LatentSync.Diffusion;
using LatentSync.Imaging;
using LatentSync.Tensors;

namespace LatentSync.Backends.Cuda.Plans;

/// <summary>Knows before it runs what a plan needs, by going through it on a device where nothing happens, and chooses the fastest that fits.</summary>
internal sealed class MemoryPlanner(DeviceModelParts parts, DeviceRuntimeOptions options, SamplerOptions sampling, int frames)
{
    private const long Chunk = 32L << 20;

    /// <summary>The fastest plan within a number of bytes of arena; null if none fits.</summary>
    public PlannedMemory? Choose(long budget)
    {
        foreach (var plan in MemoryPlan.Ladder)
        {
            var whole = Measure(plan);
            if (whole.ArenaBytes <= budget)
            {
                return whole;
            }
        }

        // No plan holds all weights. The smallest one that holds the values leaves the rest to the weights.
        foreach (var plan in MemoryPlan.Ladder.Where(plan => !plan.UNet.JoinsGuidance))
        {
            var values = Measure(plan with { UNet = plan.UNet with { WeightBytes = 0 } });
            var spare = budget - values.ArenaBytes;
            if (spare >= 0)
            {
                return Measure(
                    plan with
                    {
                        Name = plan.Name + ", streamed weights",
                        UNet = plan.UNet with { WeightBytes = values.UNetBytes + Math.Max(0, spare - Chunk) },
                    }
                );
            }
        }

        return null;
    }

    /// <summary>The smallest number of bytes of arena with which anything runs.</summary>
    public long Smallest() => Measure(MemoryPlan.Ladder[^1] with { UNet = MemoryPlan.Ladder[^1].UNet with { WeightBytes = 0 } }).ArenaBytes;

    /// <summary>Floating-point operations of a whole clip.</summary>
    public long CountOperations(MemoryPlan plan)
    {
        using var runtime = DeviceRuntime.OpenDry(options);
        Generate(runtime, plan, sampling.Steps, out _);
        return runtime.Operations;
    }

    /// <summary>What a plan needs.</summary>
    public PlannedMemory Measure(MemoryPlan plan)
    {
        using var runtime = DeviceRuntime.OpenDry(options);
        var resident = Generate(runtime, plan, Math.Min(sampling.Steps, 1 + sampling.CacheInterval), out var unetBytes);
        return new PlannedMemory(plan, (runtime.Arena.Peak + Chunk - 1) / Chunk * Chunk, resident, unetBytes);
    }

    /// <summary>Goes through a clip; returns the bytes that are there all the time.</summary>
    private long Generate(DeviceRuntime runtime, MemoryPlan plan, int steps, out long unetBytes)
    {
        using var model = new DeviceModel(runtime, parts, plan);
        var size = parts.Resolution / LatentShape.PixelsPerLatent;
        model.Load(frames, sampling, CancellationToken.None);
        var resident = runtime.Arena.InUse;
        runtime.Arena.ResetPeak();
        model.Generate(
            [.. Enumerable.Repeat(new RgbImage(parts.Resolution, parts.Resolution), frames)],
            new Tensor(frames, parts.AudioTokens, parts.UNetConfig.CrossAttentionDim),
            new Tensor(frames, LatentShape.Channels, size, size),
            generated: [],
            sampling with
            {
                Steps = steps,
            },
            stepDone: null,
            CancellationToken.None
        );
        unetBytes = model.UNetBytes;
        return resident;
    }
}

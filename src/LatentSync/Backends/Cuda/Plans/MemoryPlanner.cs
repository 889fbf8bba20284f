using LatentSync.Backends.Cuda.Execution;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.Model;
using LatentSync.Diffusion;

namespace LatentSync.Backends.Cuda.Plans;

/// <summary>Knows before anything runs what a plan needs, and chooses the fastest that fits.</summary>
internal sealed class MemoryPlanner(DeviceModelParts parts, DeviceTraits traits, SamplerOptions sampling, int frames)
{
    /// <summary>The fastest plan within a number of bytes of arena; null if none fits.</summary>
    public PlannedMemory? Choose(long budget)
    {
        foreach (var plan in MemoryPlan.Ladder.Where(plan => plan.JoinsGuidance))
        {
            var whole = Measure(plan);
            if (whole.ArenaBytes <= budget)
            {
                return whole;
            }
        }

        // Weights that are copied while the network runs cost less than halves that run one after the other. The first plan is
        // no faster than the second where weights have to be copied.
        foreach (var plan in MemoryPlan.Ladder.Skip(1))
        {
            var fewest = Measure(plan with { WeightBytes = 0 });
            if (fewest.ArenaBytes <= budget)
            {
                var weights = fewest.Layout.Weights.Bytes + budget - fewest.ArenaBytes - CardContext.ChunkBytes;
                return Measure(plan with { Name = plan.Name + ", streamed weights", WeightBytes = weights });
            }
        }

        return null;
    }

    /// <summary>The smallest number of bytes of arena with which anything runs.</summary>
    public long Smallest() => Measure(MemoryPlan.Ladder[^1] with { WeightBytes = 0 }).ArenaBytes;

    /// <summary>What a plan needs.</summary>
    public PlannedMemory Measure(MemoryPlan plan) => new(new ClipLayout(parts, traits, plan, frames, sampling));
}

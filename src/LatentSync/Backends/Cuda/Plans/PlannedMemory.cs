using LatentSync.Backends.Cuda.Model;

namespace LatentSync.Backends.Cuda.Plans;

/// <summary>A plan and what it needs.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="ArenaBytes">The most memory of our own at once.</param>
/// <param name="ResidentBytes">What of it is there all the time: weights and tables.</param>
/// <param name="UNetBytes">What of that is the UNet's weights, or places for them.</param>
internal sealed record PlannedMemory(MemoryPlan Plan, long ArenaBytes, long ResidentBytes, long UNetBytes);

using LatentSync.Backends.Cuda.Execution;
using LatentSync.Backends.Cuda.Model;

namespace LatentSync.Backends.Cuda.Plans;

/// <summary>A plan, and the memory of our own that it needs.</summary>
/// <param name="Layout">Its lists.</param>
internal sealed record PlannedMemory(ClipLayout Layout)
{
    /// <summary>The plan.</summary>
    public MemoryPlan Plan => Layout.Plan;

    /// <summary>Bytes of the arena, libraries' workspace included.</summary>
    public long ArenaBytes => (Layout.Bytes + CudaPlayer.LibraryWorkspace + CardContext.ChunkBytes - 1) / CardContext.ChunkBytes * CardContext.ChunkBytes;
}

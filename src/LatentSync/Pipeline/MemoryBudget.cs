namespace LatentSync.Pipeline;

/// <summary>From the memory of a card that the program may take to a plan.</summary>
internal static class MemoryBudget
{
    /// <summary>
    /// What CUDA, cuBLAS and cuDNN take beside our own memory: their context, kernels and workspaces. Measured; see
    /// bench/results.
    /// </summary>
    public const long ContextBytes = 1100L << 20;

    /// <summary>The fastest plan within the budget.</summary>
    /// <param name="planner">Knows what plans need.</param>
    /// <param name="budget">Bytes of the card for the whole program.</param>
    /// <exception cref="LipSyncException">No plan fits; the message tells the smallest budget that would do.</exception>
    public static PlannedMemory Choose(MemoryPlanner planner, long budget) =>
        planner.Choose(budget - ContextBytes) ?? throw TooSmall(planner, budget);

    /// <summary>Says that no plan fits, and the smallest budget that would do.</summary>
    public static LipSyncException TooSmall(MemoryPlanner planner, long budget) => new(
            LipSyncErrorCode.DeviceUnavailable,
            Invariant($"A memory budget of {Gibibytes(budget):0.0} GiB is too small for this model; it needs at least {Math.Ceiling(10 * Gibibytes(planner.Smallest() + ContextBytes)) / 10:0.0} GiB, or run with --device cpu."));

    private static double Gibibytes(long bytes) => bytes / (double)(1L << 30);
}

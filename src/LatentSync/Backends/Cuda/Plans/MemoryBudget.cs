namespace LatentSync.Backends.Cuda.Plans;

/// <summary>From the memory of a card that the program may take to a plan.</summary>
internal static class MemoryBudget
{
    /// <summary>
    /// What CUDA, cuBLASLt and cuDNN take beside our own memory: their context and kernels. Measured: 530 to 540 MiB on an
    /// H200; see bench/results.
    /// </summary>
    public const long ContextBytes = 600L << 20;

    /// <summary>The fastest plan that fits.</summary>
    /// <param name="planner">Knows what plans need.</param>
    /// <param name="wanted">Bytes of the card that the user lets the program take.</param>
    /// <param name="there">Bytes of the card that it can get.</param>
    /// <param name="card">The card's name.</param>
    /// <exception cref="LipSyncException">No plan fits; the message tells the smallest number that would do.</exception>
    public static PlannedMemory Choose(MemoryPlanner planner, long wanted, long there, string card) =>
        planner.Choose(Math.Min(wanted, there) - ContextBytes) ?? throw (wanted <= there ? TooSmall(planner, wanted) : TooLittleFree(planner, there, card));

    /// <summary>Says that no plan fits, and the smallest budget that would do.</summary>
    public static LipSyncException TooSmall(MemoryPlanner planner, long budget)
    {
        var (given, needed) = (Gibibytes(budget), Smallest(planner));
        return new LipSyncException(
            LipSyncErrorCode.DeviceUnavailable,
            $"A memory budget of {given:0.0} GiB is too small for this model; it needs at least {needed:0.0} GiB, or run with {OptionReference.Cpu}."
        );
    }

    private static LipSyncException TooLittleFree(MemoryPlanner planner, long free, string card)
    {
        var (left, needed) = (Math.Max(0, Gibibytes(free)), Smallest(planner));
        var cpu = OptionReference.Cpu;
        return new LipSyncException(
            LipSyncErrorCode.DeviceUnavailable,
            $"{card} has {left:0.0} GiB left for this program, but this model needs at least {needed:0.0} GiB; close other programs on it, or run with {cpu}."
        );
    }

    private static double Smallest(MemoryPlanner planner) => Math.Ceiling(10 * Gibibytes(planner.Smallest() + ContextBytes)) / 10;

    private static double Gibibytes(long bytes) => bytes / (double)(1L << 30);
}

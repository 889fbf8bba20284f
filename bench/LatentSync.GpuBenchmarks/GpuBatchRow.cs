namespace LatentSync.GpuBenchmarks;

/// <summary>What was measured of several clips in one batch; times are medians in milliseconds of the device.</summary>
public sealed record GpuBatchRow
{
    /// <summary>Clips in the batch, each without and with audio.</summary>
    public required int Clips { get; init; }

    /// <summary>A full step of the UNet, for each frame.</summary>
    public required double FullStepMilliseconds { get; init; }

    /// <summary>A step with DeepCache's cached features, for each frame.</summary>
    public required double CachedStepMilliseconds { get; init; }

    /// <summary>The most memory of our own in use at once.</summary>
    public required long ArenaBytes { get; init; }
}

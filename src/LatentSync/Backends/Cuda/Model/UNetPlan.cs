namespace LatentSync.Backends.Cuda.Model;

/// <summary>How the UNet runs on a device; none of it changes what comes out but for rounding.</summary>
internal sealed record UNetPlan
{
    /// <summary>Whether the runs without and with audio go through the network together, or one after the other in half the memory.</summary>
    public bool JoinsGuidance { get; init; } = true;

    /// <summary>Pixels times channels that go through a transformer at once; the larger blocks are cut into slices.</summary>
    public int SliceValues { get; init; } = int.MaxValue;

    /// <summary>Bytes of the device that the weights may take; the others are copied when their turn comes.</summary>
    public long WeightBytes { get; init; } = long.MaxValue;
}

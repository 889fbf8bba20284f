namespace LatentSync.Backends.Cuda.Model;

/// <summary>How the networks share a device's memory. What comes out does not depend on it, but for rounding.</summary>
/// <param name="Name">Name for logs and tables.</param>
/// <param name="SliceBytes">See <see cref="Launching.Lists.LaunchShape.SliceBytes"/>.</param>
/// <param name="VaeImages">Images that go through the VAE at once.</param>
internal sealed record MemoryPlan(string Name, long SliceBytes, int VaeImages)
{
    private const long Mebibyte = 1 << 20;

    /// <summary>Whether the runs without and with the sound go through the UNet together, or one after the other in half the memory.</summary>
    public bool JoinsGuidance { get; init; } = true;

    /// <summary>Whether the VAE's weights stay on the device with those that are used at every step; they may be copied like the others else.</summary>
    public bool KeepsVae { get; init; } = true;

    /// <summary>Bytes of the device that weights may take; the others are copied when their turn comes.</summary>
    public long WeightBytes { get; init; } = long.MaxValue;

    /// <summary>The plans from the fastest to the smallest, with all weights on the device.</summary>
    public static IReadOnlyList<MemoryPlan> Ladder { get; } =
    [
        new("whole", SliceBytes: long.MaxValue, VaeImages: 4),
        new("small", 256 * Mebibyte, VaeImages: 2),
        new("halves", 128 * Mebibyte, VaeImages: 1) { JoinsGuidance = false, KeepsVae = false },
    ];
}

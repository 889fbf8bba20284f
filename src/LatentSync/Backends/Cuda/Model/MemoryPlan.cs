namespace LatentSync.Backends.Cuda.Model;

/// <summary>How the networks share a device's memory. What comes out does not depend on it, but for rounding.</summary>
/// <param name="Name">Name for logs and tables.</param>
/// <param name="UNet">How the UNet runs.</param>
/// <param name="VaeSlice">Frames that go through the VAE at once.</param>
internal sealed record MemoryPlan(string Name, UNetPlan UNet, int VaeSlice)
{
    /// <summary>Whether the VAE's weights stay on the device.</summary>
    public bool KeepsVae { get; init; } = true;

    // Pixels times channels of one frame in the largest block of a 512 px model; slices are counted in such frames.
    private const int FrameValues = 64 * 64 * 320;

    /// <summary>The plans from the fastest to the smallest, with all weights on the device.</summary>
    public static IReadOnlyList<MemoryPlan> Ladder { get; } =
    [
        new("whole", new UNetPlan(), VaeSlice: 8),
        new("slices of 8", new UNetPlan { SliceValues = 8 * FrameValues }, VaeSlice: 4),
        new("halves, slices of 8", new UNetPlan { JoinsGuidance = false, SliceValues = 8 * FrameValues }, VaeSlice: 2),
        new("halves, slices of 4", new UNetPlan { JoinsGuidance = false, SliceValues = 4 * FrameValues }, VaeSlice: 1),
        new("halves, slices of 1", new UNetPlan { JoinsGuidance = false, SliceValues = FrameValues }, VaeSlice: 1) { KeepsVae = false },
    ];
}

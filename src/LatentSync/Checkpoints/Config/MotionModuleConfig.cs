namespace LatentSync.Checkpoints.Config;

/// <summary>Where a UNet has temporal attention, and how it is built.</summary>
internal sealed record MotionModuleConfig
{
    /// <summary>
    /// The down-sampling factors (1, 2, 4, 8) of the blocks that have motion modules.
    /// </summary>
    public required IReadOnlyList<int> Resolutions { get; init; }

    /// <summary>True if the down blocks have none; a checkpoint may hold weights for them nevertheless.</summary>
    public required bool DecoderOnly { get; init; }

    /// <summary>Attention heads.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Temporal self-attentions in a row, each with its own norm.</summary>
    public required int AttentionCount { get; init; }

    /// <summary>Rows of the position table: the most frames a clip can have.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>True if down block <paramref name="index"/>, counted from the input, has motion modules.</summary>
    public bool InDownBlock(int index) => !DecoderOnly && Resolutions.Contains(1 << index);

    /// <summary>True if up block <paramref name="index"/> of <paramref name="blockCount"/>, counted from the middle, has motion modules.</summary>
    public bool InUpBlock(int index, int blockCount) => Resolutions.Contains(1 << (blockCount - 1 - index));
}

namespace LatentSync;

/// <summary>
/// What LatentSync's SyncNet says about faces and sound. It compares windows of 16 frames (0.64 s) by embeddings of length 1.
/// The numbers are on a scale of their own: the published figures called Sync-C and Sync-D come from another network.
/// </summary>
public sealed record SyncNetScore
{
    /// <summary>Windows compared at offset 0.</summary>
    public required int Windows { get; init; }

    /// <summary>
    /// By how many frames (40 ms each) the lips are late, at the least mean distance within 15 frames; negative: early. Null if
    /// fewer than 10 windows could be compared.
    /// </summary>
    public required int? OffsetFrames { get; init; }

    /// <summary>The median of the mean distances over the offsets less the least: near 0 means that the offset is chance.</summary>
    public required double? Confidence { get; init; }

    /// <summary>Mean cosine similarity of faces and sound at offset 0, from 0 to 1; null without windows.</summary>
    public required double? Similarity { get; init; }

    /// <summary>Share of the windows with a similarity above 0.5, where the public evaluation says that they belong together; null without windows.</summary>
    public required double? InSync { get; init; }

    /// <summary>The mean distance at each offset from -15 to 15, from 0 to 1.41; NaN where fewer than 10 windows could be compared.</summary>
    public required IReadOnlyList<double> Distances { get; init; }

    /// <summary>Similarity at offset 0 of the window that begins with each frame; NaN where there is none.</summary>
    public required IReadOnlyList<double> Similarities { get; init; }
}

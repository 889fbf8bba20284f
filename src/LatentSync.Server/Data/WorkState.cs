namespace LatentSync.Server.Data;

/// <summary>Where a piece of work is.</summary>
internal enum WorkState
{
    /// <summary>Waits for a worker.</summary>
    Ready,

    /// <summary>A worker has it, as long as it renews its lease.</summary>
    Leased,

    Done,

    /// <summary>It failed for good.</summary>
    Failed,

    /// <summary>Its job was cancelled or retried meanwhile.</summary>
    Dropped,
}

namespace LatentSync;

/// <summary>What was done to one segment of a job.</summary>
public sealed record LipSyncSegmentResult : LipSyncOutcome
{
    /// <summary>Number of the segment, from 0.</summary>
    public required int Segment { get; init; }

    /// <summary>Path of its file.</summary>
    public required string Path { get; init; }
}

namespace LatentSync;

/// <summary>What a finished job without files did.</summary>
public sealed record LipSyncFramesResult : LipSyncOutcome
{
    /// <summary>Samples of one channel that the sound has to have beside these frames: it is cut to so many, or silence follows it.</summary>
    public required long Samples { get; init; }
}

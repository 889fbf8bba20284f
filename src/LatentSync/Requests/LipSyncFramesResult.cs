namespace LatentSync;

/// <summary>What a finished job without files did.</summary>
public sealed record LipSyncFramesResult
{
    /// <summary>Frames of the result.</summary>
    public required int Frames { get; init; }

    /// <summary>Samples of one channel that the sound has to have beside these frames: it is cut to so many, or silence follows it.</summary>
    public required long Samples { get; init; }

    /// <inheritdoc cref="LipSyncResult.SyncedFrames"/>
    public required int SyncedFrames { get; init; }

    /// <inheritdoc cref="LipSyncResult.BridgedFrames"/>
    public required int BridgedFrames { get; init; }

    /// <inheritdoc cref="LipSyncResult.FramesWithoutFace"/>
    public required int FramesWithoutFace { get; init; }

    /// <inheritdoc cref="LipSyncResult.FramesTurnedAway"/>
    public required int FramesTurnedAway { get; init; }

    /// <inheritdoc cref="LipSyncResult.QuietFrames"/>
    public required int QuietFrames { get; init; }

    /// <inheritdoc cref="LipSyncResult.SceneCuts"/>
    public required int SceneCuts { get; init; }

    /// <inheritdoc cref="LipSyncResult.Elapsed"/>
    public required TimeSpan Elapsed { get; init; }

    /// <inheritdoc cref="LipSyncResult.Times"/>
    public required IReadOnlyDictionary<LipSyncWork, TimeSpan> Times { get; init; }

    /// <inheritdoc cref="LipSyncResult.PeakDeviceBytes"/>
    public long? PeakDeviceBytes { get; init; }
}

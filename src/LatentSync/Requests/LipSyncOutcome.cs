namespace LatentSync;

/// <summary>What a finished job did, wherever its frames came from.</summary>
public abstract record LipSyncOutcome
{
    /// <summary>Frames of the result.</summary>
    public required int Frames { get; init; }

    /// <summary>Frames whose mouth was painted anew.</summary>
    public required int SyncedFrames { get; init; }

    /// <summary>Of these, frames in which the face was missing for a moment and was painted where it must have been.</summary>
    public required int BridgedFrames { get; init; }

    /// <summary>Frames in which the chosen face was not found; they are the source's.</summary>
    public required int FramesWithoutFace { get; init; }

    /// <summary>Frames in which the chosen face was turned away; they are the source's.</summary>
    public required int FramesTurnedAway { get; init; }

    /// <summary>Frames in which nobody speaks and the source's mouth was kept; see <see cref="QuietMouth.Source"/>.</summary>
    public required int QuietFrames { get; init; }

    /// <summary>Scene cuts found in the part of the video that was used.</summary>
    public required int SceneCuts { get; init; }

    /// <summary>Wall-clock time of the job.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Where the time went. Some of it runs side by side, so the sum may be more than <see cref="Elapsed"/>.</summary>
    public required IReadOnlyDictionary<LipSyncWork, TimeSpan> Times { get; init; }

    /// <summary>The most memory of an NVIDIA card that this process used, in bytes; null on the CPU or where the driver does not tell.</summary>
    public long? PeakDeviceBytes { get; init; }
}

namespace LatentSync;

/// <summary>What to measure against, and with what.</summary>
public sealed record LipSyncMeterOptions
{
    /// <summary>Path of the sound; null takes the video's own.</summary>
    public string? Audio { get; init; }

    /// <summary>Path of LatentSync's SyncNet, <c>stable_syncnet.pt</c>; null measures without it.</summary>
    public string? SyncNet { get; init; }

    /// <summary>Frames from one SyncNet window to the next, 1 to 250; 1 is what the public evaluation does, more is faster.</summary>
    public int SyncNetStep { get; init; } = 1;
}

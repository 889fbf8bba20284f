namespace LatentSync.Worker;

/// <summary>A job that lip-syncs.</summary>
internal abstract record SyncMessage : JobMessage
{
    /// <summary>How to do it.</summary>
    public HostSettings Settings { get; set; } = new();
}

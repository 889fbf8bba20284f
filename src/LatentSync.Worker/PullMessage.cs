namespace LatentSync.Worker;

/// <summary>A job that downloads a model.</summary>
internal sealed record PullMessage : JobMessage
{
    /// <summary>Its name, such as <c>latentsync-1.6</c>.</summary>
    public required string Name { get; set; }

    /// <summary>The folder that gets a folder of this name; null for the engine's own store.</summary>
    public string? Folder { get; set; }
}

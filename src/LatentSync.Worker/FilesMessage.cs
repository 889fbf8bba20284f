namespace LatentSync.Worker;

/// <summary>A job from files to a file.</summary>
internal sealed record FilesMessage : SyncMessage
{
    /// <summary>Path of the video.</summary>
    public required string Video { get; set; }

    /// <summary>Path of the sound.</summary>
    public required string Audio { get; set; }

    /// <summary>Path of the result.</summary>
    public required string Output { get; set; }

    /// <summary>The result may exist and is replaced.</summary>
    public bool Overwrite { get; set; }
}

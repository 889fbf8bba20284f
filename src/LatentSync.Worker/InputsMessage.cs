namespace LatentSync.Worker;

/// <summary>A job whose inputs are files, or a part of one.</summary>
internal abstract record InputsMessage : SyncMessage
{
    /// <summary>Path of the video.</summary>
    public required string Video { get; set; }

    /// <summary>Path of the sound.</summary>
    public required string Audio { get; set; }

    /// <summary>Path of the result.</summary>
    public required string Output { get; set; }
}

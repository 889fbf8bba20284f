namespace LatentSync.Worker;

/// <summary>Looks at the video of a job, so that its segments can be made one without the other.</summary>
internal sealed record AnalyzeMessage : InputsMessage
{
    /// <summary>Path of the file that gets what the segments need.</summary>
    public required string Analysis { get; set; }
}

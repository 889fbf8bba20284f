namespace LatentSync.Worker;

/// <summary>Joins the segments of a job.</summary>
internal sealed record JoinMessage : InputsMessage
{
    /// <summary>Path of the job's analysis.</summary>
    public required string Analysis { get; set; }

    /// <summary>Paths of all segments, in their order.</summary>
    public required IReadOnlyList<string> Segments { get; set; }

    /// <summary>The result may exist and is replaced.</summary>
    public bool Overwrite { get; set; }
}

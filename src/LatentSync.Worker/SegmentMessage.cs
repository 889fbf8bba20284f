namespace LatentSync.Worker;

/// <summary>Makes one segment of a job that was analyzed.</summary>
internal sealed record SegmentMessage : InputsMessage
{
    /// <summary>Path of the job's analysis.</summary>
    public required string Analysis { get; set; }

    /// <summary>Number of the segment, from 0.</summary>
    public required int Segment { get; set; }

    /// <summary>Path of its file.</summary>
    public required string Path { get; set; }
}

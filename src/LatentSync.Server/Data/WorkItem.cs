namespace LatentSync.Server.Data;

/// <summary>A piece of work for one worker: some seconds or minutes long.</summary>
internal sealed class WorkItem
{
    public long Id { get; init; }

    public required string JobId { get; init; }

    /// <summary>The attempt of the job it belongs to.</summary>
    public required int JobAttempt { get; init; }

    public required WorkKind Kind { get; init; }

    /// <summary>Number of the segment; 0 for other kinds.</summary>
    public int Segment { get; init; }

    public required WorkState State { get; set; }

    /// <summary>How often it was begun and failed.</summary>
    public int Failures { get; set; }

    /// <summary>Lower ranks come first: 0 is what somebody waits for, 1 what is done when nothing else is left.</summary>
    public int Rank { get; init; }

    /// <summary>When its job was submitted: within a rank earlier jobs come first.</summary>
    public required DateTimeOffset JobCreatedAt { get; init; }

    /// <summary>Not before this time: pauses between attempts.</summary>
    public required DateTimeOffset NotBefore { get; set; }

    /// <summary>Who has it.</summary>
    public string? Worker { get; set; }

    /// <summary>Changes with every lease, so that a worker that lost its own cannot complete another's.</summary>
    public string? LeaseToken { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>When the broker was told of it since it was last ready; null until then, and where there is none.</summary>
    public DateTimeOffset? DispatchedAt { get; set; }

    /// <summary>SHA-256 of the file that was made, by which the media store calls it; null where files are worked on in their place.</summary>
    public string? Digest { get; set; }

    /// <summary>The last failure, one sentence.</summary>
    public string? Error { get; set; }
}

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

    /// <summary>Lower ranks come first, whoever they are for: see <see cref="Work.Scheduling.WorkRank"/>.</summary>
    public int Rank { get; init; }

    /// <summary>Whose job it is: owners take turns.</summary>
    public required string Owner { get; init; }

    /// <summary>Of an owner's work of one rank the lowest place comes first.</summary>
    public long Place { get; init; }

    /// <summary>The model that a machine needs for it; null for any.</summary>
    public string? Model { get; init; }

    /// <summary>The version of the programs that began its job; null where any may do it.</summary>
    public string? Version { get; init; }

    /// <summary>The segment that a slow worker has in hand and that this is made for a second time; null for ordinary work.</summary>
    public long? RaceOf { get; init; }

    /// <summary>When its job was submitted.</summary>
    public required DateTimeOffset JobCreatedAt { get; init; }

    /// <summary>Not before this time: pauses between attempts.</summary>
    public required DateTimeOffset NotBefore { get; set; }

    /// <summary>When a worker took it last.</summary>
    public DateTimeOffset? TakenAt { get; set; }

    /// <summary>How long it was in hand until it was done, in seconds.</summary>
    public double? Seconds { get; set; }

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

namespace LatentSync.Jobs;

/// <summary>The finished parts of a job: <c>journal.json</c> in its folder, written anew after each part.</summary>
internal sealed record JobJournal
{
    /// <summary>The clock of their times.</summary>
    public required int TicksPerSecond { get; init; }

    /// <summary>The parts in their order.</summary>
    public required IReadOnlyList<JobSegment> Segments { get; init; }
}

namespace LatentSync.Server.Jobs;

/// <summary>Which jobs a client lists.</summary>
/// <param name="Owner">Whose.</param>
/// <param name="Dialect">By which interface they came in; null for all.</param>
/// <param name="Count">The most.</param>
internal sealed record JobFilter(string Owner, string? Dialect, int Count)
{
    /// <summary>Only jobs in these states; null for all.</summary>
    public IReadOnlyList<JobState>? States { get; init; }

    /// <summary>Only jobs of these ids; null for all.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>Only analyses, or only jobs with a result; null for both.</summary>
    public bool? IsAnalysis { get; init; }

    /// <summary>Only jobs that follow this id; null from the beginning.</summary>
    public string? After { get; init; }

    /// <summary>The oldest first; otherwise the newest.</summary>
    public bool IsAscending { get; init; }
}

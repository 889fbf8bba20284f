using LatentSync.Server.Jobs;

namespace LatentSync.Server.Data;

/// <summary>One change of a job. Events are only ever added.</summary>
internal sealed class JobEvent
{
    /// <summary>Counts all events of the server, from 1.</summary>
    public long Sequence { get; init; }

    public required string JobId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The state after it.</summary>
    public required JobState State { get; init; }

    /// <summary>What happened, such as <c>state</c>, <c>segment</c>, <c>segment_lost</c>, <c>retry</c>, <c>work_failed</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Details for people; null for none.</summary>
    public string? Message { get; init; }

    /// <summary>The attempt of the job it belongs to.</summary>
    public required int Attempt { get; init; }
}

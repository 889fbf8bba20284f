using System.Text.Json.Serialization;

namespace LatentSync.Client;

/// <summary>What happened to a job, or how far it is.</summary>
public sealed record ServerJobEvent
{
    /// <summary><c>state</c>: a change; <c>progress</c>: how far it is.</summary>
    [JsonIgnore]
    public string Type { get; init; } = "state";

    /// <summary>Number of a change; null for progress.</summary>
    [JsonIgnore]
    public string? Id { get; init; }

    /// <summary>The state of the job.</summary>
    public string? State { get; init; }

    /// <summary>Of a change: <c>created</c>, <c>state</c>, <c>segment</c>, <c>segment_lost</c>, <c>work_failed</c>, <c>retry</c>, <c>score</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Details for people.</summary>
    public string? Message { get; init; }

    /// <summary>Of progress: what is being done.</summary>
    public string? Stage { get; init; }

    /// <summary>Of progress: 0 to 1 of the state that the job is in.</summary>
    public double? Share { get; init; }

    /// <summary>Of progress: frames a second.</summary>
    public double? Rate { get; init; }

    /// <summary>Of progress.</summary>
    public double? RemainingSeconds { get; init; }
}

using LatentSync.Server.Jobs;

namespace LatentSync.Server.Telemetry;

/// <summary>What waits and who works at one moment, over all processes.</summary>
internal sealed record QueueReading
{
    /// <summary>How many jobs are in each state; states without jobs are there too.</summary>
    public required IReadOnlyDictionary<JobState, long> Jobs { get; init; }

    /// <summary>How long the oldest job that no worker has begun has waited.</summary>
    public required TimeSpan Age { get; init; }

    /// <summary>
    /// How many seconds one worker would take for all that waits, also for what the analyses that are still to be made will find;
    /// what workers have in hand is not counted. An estimate: <see cref="QueueForecast"/>.
    /// </summary>
    public required double Seconds { get; init; }

    /// <summary>Pieces of work that wait for a worker.</summary>
    public required long Waiting { get; init; }

    /// <summary>Pieces of work that workers have in hand.</summary>
    public required long Running { get; init; }

    /// <summary>Workers that have a piece of work in hand.</summary>
    public required long Busy { get; init; }

    /// <summary>Workers that wait for one.</summary>
    public required long Idle { get; init; }
}

using LatentSync.Server.Engines;

namespace LatentSync.Server.Work;

/// <summary>A worker as operators see it.</summary>
/// <param name="Name">Machine and number.</param>
/// <param name="Device">What its engine runs on.</param>
/// <param name="ProcessId">Its engine, if one runs.</param>
/// <param name="Version">Version of the engine.</param>
/// <param name="Job">What it works at; null for nothing.</param>
/// <param name="Since">Since when.</param>
internal sealed record WorkerView(string Name, string Device, int? ProcessId, string? Version, string? Job, DateTimeOffset Since)
{
    /// <summary><c>busy</c>, <c>idle</c> with an engine that keeps its model, or <c>off</c> without one.</summary>
    public string State =>
        Job is not null ? "busy"
        : ProcessId is not null || Model is not null ? "idle"
        : "off";

    /// <summary>Whether it takes no more work: somebody said so, or its process stops.</summary>
    public bool Draining { get; init; }

    /// <summary>Versions of the programs that its results depend on; null until its engine ran.</summary>
    public string? ResultVersion { get; init; }

    /// <summary>Whose job it is: the id of a key.</summary>
    public string? Owner { get; init; }

    /// <summary>What it does for the job, such as <c>segment</c>.</summary>
    public string? Work { get; init; }

    /// <summary>Number of the segment, from 0.</summary>
    public int? Segment { get; init; }

    /// <summary>Of how many.</summary>
    public int? Segments { get; init; }

    /// <summary>How far it is; null before the engine says so.</summary>
    public EngineStage? Stage { get; init; }

    /// <summary>The model that the engine keeps loaded; null for none.</summary>
    public string? Model { get; init; }

    /// <summary>The card's name; null for none.</summary>
    public string? CardName { get; init; }

    /// <summary>The card's memory in bytes.</summary>
    public long? DeviceBytes { get; init; }

    /// <summary>The card as its engine told of it last; null without one.</summary>
    public CardMemory? Card { get; init; }

    /// <summary>Main memory of the engine where there is no card, in bytes.</summary>
    public long? ProcessBytes { get; init; }

    /// <summary>Memory over the last minutes; null where it was not asked for.</summary>
    public IReadOnlyList<MemoryPoint>? History { get; init; }
}

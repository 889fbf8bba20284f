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
    /// <summary>The card's name; null for none.</summary>
    public string? Card { get; init; }

    /// <summary>The card's memory in bytes.</summary>
    public long? DeviceBytes { get; init; }

    /// <summary>The model that its engine has loaded; null for none.</summary>
    public string? Model { get; init; }
}

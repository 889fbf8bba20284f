namespace LatentSync.Server.Data;

/// <summary>A worker of whatever process, as it last said of itself.</summary>
internal sealed class WorkerRecord
{
    /// <summary>Machine, process and number.</summary>
    public required string Name { get; init; }

    /// <summary>What its engine runs on, such as <c>cuda:0</c>.</summary>
    public required string Device { get; set; }

    /// <summary>The card's name; null for none.</summary>
    public string? Card { get; set; }

    /// <summary>The card's memory in bytes.</summary>
    public long? DeviceBytes { get; set; }

    /// <summary>The model that its engine has loaded; null for none.</summary>
    public string? Model { get; set; }

    /// <summary>Version of its engine.</summary>
    public string? Version { get; set; }

    /// <summary>Versions of all programs that a result depends on; null until its engine ran.</summary>
    public string? ResultVersion { get; set; }

    /// <summary>Names of the models that are on its machine, each between spaces.</summary>
    public string Models { get; set; } = string.Empty;

    /// <summary>Whether it takes no more work: somebody said so, or it stops.</summary>
    public bool IsDraining { get; set; }

    /// <summary>Whether it has stopped.</summary>
    public bool HasStopped { get; set; }

    /// <summary>What it works at; null for nothing.</summary>
    public string? Job { get; set; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; set; }

    /// <summary>When it last said this.</summary>
    public required DateTimeOffset SeenAt { get; set; }
}

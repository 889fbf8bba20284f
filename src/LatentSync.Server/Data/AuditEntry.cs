namespace LatentSync.Server.Data;

/// <summary>Who did what.</summary>
internal sealed class AuditEntry
{
    public long Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Id of the key.</summary>
    public required string Who { get; init; }

    /// <summary>Such as <c>job.cancel</c>.</summary>
    public required string Action { get; init; }

    /// <summary>Id of what it was done to.</summary>
    public required string Target { get; init; }

    public string? Address { get; init; }
}

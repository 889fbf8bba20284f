namespace LatentSync.Server.Data;

/// <summary>The answer to a request that a client may send again.</summary>
internal sealed class IdempotentRequest
{
    public required string Owner { get; init; }

    /// <summary>The client's <c>Idempotency-Key</c>.</summary>
    public required string Key { get; init; }

    /// <summary>SHA-256 of method, path and body.</summary>
    public required byte[] BodyDigest { get; init; }

    /// <summary>Id of the job or upload that came of it.</summary>
    public required string Outcome { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}
